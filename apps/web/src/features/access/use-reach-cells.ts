'use client'

import type { ReachGrouping } from '@spanwire/mesh/policy/reach-groups'
import { useQueries } from '@tanstack/react-query'
import { useTRPCClient } from '~/trpc/client.tsx'
import type { Matrix } from './policy-shapes.ts'

/** What cells are asked of: the groups of one moment, under what holds or under a text. */
export type Block = {
  readonly network: string
  readonly by: ReachGrouping
  readonly family: '4' | '6'
  readonly text: string | undefined
  readonly matrix: Matrix
}

/** What is in a cell, by the places of its groups; null until it is known. The first block came with the groups. */
export function useReachCells(
  { network, by, family, text, matrix }: Block,
  rows: readonly number[],
  columns: readonly number[],
  isAtRest: boolean,
): (from: number, to: number) => string | null {
  const client = useTRPCClient()
  const { block, of } = matrix
  const keys = new Map<string, { readonly row: number; readonly column: number }>()
  for (const from of rows)
    for (const to of columns) {
      const [row, column] = [from - (from % block), to - (to % block)]
      if (row + column > 0) keys.set(`${row} ${column}`, { row, column })
    }
  const wanted = [...keys.values()]
  const answers = useQueries({
    queries: wanted.map(({ row, column }) => ({
      // Hints make what begins with `policy` old.
      queryKey: [['policy', 'cells'], network, by, family, text ?? null, of, row, column],
      queryFn: () => client.policy.cells.query({ networkId: network, by, family, text, row, column }),
      // Whoever scrolls past does not want to know.
      enabled: isAtRest,
      gcTime: 60_000,
    })),
  })
  const known = new Map(
    wanted.map(({ row, column }, i) => {
      const answer = answers[i]?.data
      return [`${row} ${column}`, answer?.of === of ? answer.cells : null]
    }),
  )
  return (from, to) => {
    const [row, column] = [from - (from % block), to - (to % block)]
    const cells = row + column === 0 ? matrix.cells : known.get(`${row} ${column}`)
    return cells?.[from - row]?.[to - column] ?? null
  }
}
