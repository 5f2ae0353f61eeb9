/** Kinds and states of paths, as they are called on this page. */
import type { Status } from '~/ui/status-mark.tsx'
import type { Cell, Explained, LinkStatus, PathKind } from './path-shapes.ts'

export const KIND_WORDS: Readonly<Record<PathKind, string>> = {
  lan: 'direct, inside a LAN',
  direct: 'direct',
  gateway: 'tunnel to a gateway',
  relayed: 'through gateways',
  unreachable: 'no way',
  none: 'without tunnels',
}

export const STATUS_WORDS: Readonly<Record<LinkStatus, string>> = {
  up: 'alive',
  'one-way': 'one way only',
  down: 'dead',
  stale: 'proof too old',
  unknown: 'not measured yet',
}

export const STATUS_MARKS: Readonly<Record<LinkStatus, Status>> = {
  up: 'good',
  'one-way': 'warn',
  down: 'bad',
  stale: 'unknown',
  unknown: 'unknown',
}

export const NAT_WORDS: Readonly<Record<NonNullable<Explained['from']['nat']>, string>> = {
  open: 'open: it can be called from outside',
  easy: 'a NAT that keeps its port: it can be called where gateways see it',
  hard: 'a hard NAT: it has a new port for each destination',
  unknown: 'not known: it takes two gateways that see it',
}

export const ENDPOINT_WORDS: Readonly<Record<Explained['endpoints'][number]['kind'], string>> = {
  lan: 'an address of its own',
  declared: 'as declared',
  observed: 'as seen by gateways',
}

/** What stands in a cell: a path that does not carry shows that, not how it would. */
export const SIGNS = ['lan', 'direct', 'gateway', 'relayed', 'one-way', 'dead', 'none'] as const
export type Sign = (typeof SIGNS)[number]

export const SIGN_WORDS: Readonly<Record<Sign, string>> = {
  ...{ lan: KIND_WORDS.lan, direct: KIND_WORDS.direct, gateway: KIND_WORDS.gateway, relayed: KIND_WORDS.relayed },
  'one-way': 'one way only',
  dead: 'dead, or no way',
  none: 'paused, or kept out',
}

export function signOf({ kind, status }: Pick<Cell, 'kind' | 'status'>): Sign {
  if (kind === 'none') return 'none'
  if (kind === 'unreachable' || status === 'down') return 'dead'
  return status === 'one-way' ? 'one-way' : kind
}

/** Not alive, and nobody wanted it so. */
export const isTroubled = (cell: Pick<Cell, 'kind' | 'status'>): boolean =>
  signOf(cell) === 'dead' || signOf(cell) === 'one-way'
