import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useCallback, useRef } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import { matrixInput } from './matrix-input.ts'
import { unpackMatrix } from './unpack-matrix.ts'

/** Measurements move on by themselves; a large answer is asked for less often. */
const RENEW_MS = 5_000
const RENEW_LARGE_MS = 20_000
const LARGE = 100

/** The matrix, and the server's clock by it. */
export function useMatrix(network: string, site: string | null) {
  const query = useQuery(
    useTRPC().paths.matrix.queryOptions(matrixInput(network, site), {
      refetchInterval: ({ state }) => ((state.data?.rows.length ?? 0) > LARGE ? RENEW_LARGE_MS : RENEW_MS),
      placeholderData: keepPreviousData,
      // Every answer differs in all its ages: comparing tens of thousands of cells would find nothing that is the same.
      structuralSharing: false,
      select: unpackMatrix,
    }),
  )
  const skewMs = useRef(0)
  if (query.data) skewMs.current = Date.parse(query.data.at) - query.dataUpdatedAt
  const now = useCallback(() => Date.now() + skewMs.current, [])
  return { query, now }
}
