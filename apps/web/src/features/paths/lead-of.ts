import type { Matrix } from './path-shapes.ts'
import { isTroubled } from './path-words.ts'

const HOW = {
  hub: 'Everything goes through gateways (hub)',
  sites: 'Direct inside each site, through gateways between sites (sites)',
  mesh: 'Direct between nodes that talk, where a direct path is found; through gateways elsewhere (mesh)',
} as const

/** How it stands, in two sentences. */
export function leadOf({ network, by, rows, cells }: Matrix): string {
  const how = HOW[network.topology]
  if (rows.length < 2 && by === 'node') return `${how}.`
  const sum = (pick: 'direct' | 'pairs') => cells.reduce((total, cell) => total + cell[pick], 0)
  const pairs = sum('pairs')
  const direct = `${sum('direct').toLocaleString('en')} of ${pairs.toLocaleString('en')} ${pairs === 1 ? 'pair' : 'pairs'} direct`
  const troubled = cells.filter(isTroubled)
  if (troubled.length === 0) return `${how}. ${direct}, none dead.`
  const shared = rows.find((_, place) => troubled.every(({ a, b }) => a === place || b === place))
  const whose = troubled.length > 1 && shared ? `, all of them with ${shared.name}` : ''
  return `${how}. ${direct}, ${troubled.length.toLocaleString('en')} dead or one-way${whose}.`
}
