/** What may happen to a network next: somebody joins, some go, slots move, pairs part, all is read again, one is told anew. */
import type { Random } from '../../policy/testing/random.ts'
import { type Rows, randomRow, withSlots } from './random-rows.ts'

export function stepOf(random: Random, rows: Rows, step: number): Rows {
  const turn = random.below(7)
  if (turn === 0) return { ...rows, nodes: [...rows.nodes, randomRow(random, 50 + step, random.chance(20))] }
  if (turn === 1) return { ...rows, nodes: rows.nodes.filter(() => !random.chance(15)) }
  if (turn === 2) return { ...rows, nodes: withSlots(random, rows.nodes) }
  if (turn === 3) return { ...rows, pairs: rows.pairs.slice(1) }
  if (turn === 5) {
    const flip = ({ slots, ...row }: Rows['nodes'][number]) =>
      slots ? { ...row, slots: { ...slots, first: slots.first === 'a' ? ('b' as const) : ('a' as const) } } : row
    return { ...rows, nodes: rows.nodes.map(flip) }
  }
  // Rows read again without a change, as after an outage; and one of them told anew.
  if (turn === 4) return { ...rows, nodes: rows.nodes.map((row) => structuredCopy(row)) }
  const one = random.one(rows.nodes.length > 0 ? rows.nodes : [randomRow(random, 60, false)])
  const told = { ...randomRow(random, one.ordinal ?? 1, one.role === 'gateway'), slots: one.slots ?? null }
  return { ...rows, nodes: rows.nodes.map((row) => (row === one ? told : row)) }
}

const structuredCopy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T
