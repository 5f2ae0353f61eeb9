import type { GraphEdge, Status } from './graph.ts'

const marks = { up: 'good', 'one-way': 'warn', down: 'bad', stale: 'unknown', unknown: 'unknown' } as const

export function edgeMark(edge: GraphEdge): Status {
  return marks[edge.status]
}

const words = {
  up: 'Alive both ways',
  'one-way': 'One way only',
  down: 'Dead',
  stale: 'Evidence too old',
  unknown: 'Not measured yet',
} as const

export function edgeWord(edge: GraphEdge): string {
  return words[edge.status]
}
