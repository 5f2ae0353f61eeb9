import type { Matrix } from './path-shapes.ts'
import { isTroubled } from './path-words.ts'

const HOW = {
  hub: 'Everything goes through gateways (hub)',
  sites: 'Direct inside of a site, through gateways between them (sites)',
  mesh: 'Direct where nodes talk and it can be, through gateways elsewhere (mesh)',
} as const

/** How it stands, in two sentences. */
export function leadOf({ network, by, rows, cells }: Matrix): string {
  const how = HOW[network.topology]
  if (rows.length < 2 && by === 'node') return `${how}.`
  const sum = (pick: 'direct' | 'pairs') => cells.reduce((total, cell) => total + cell[pick], 0)
  const pairs = sum('pairs')
  const direct = `${sum('direct').toLocaleString('en')} of ${pairs.toLocaleString('en')} ${pairs === 1 ? 'pair' : 'pairs'} direct`
  const troubled = cells.filter(isTroubled).length
  return `${how}. ${direct}, ${troubled === 0 ? 'none dead' : `${troubled.toLocaleString('en')} dead or one-way`}.`
}
