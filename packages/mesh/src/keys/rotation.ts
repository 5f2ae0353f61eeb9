/**
 * What is next in a rotation of a node's keys, out of what the node and its peers have said. Every order of events ends in a state in which
 * all can talk: until `done` the peers have both keys, and the node works with either.
 *
 *   making ── node told its next keys ──> staging ── all peers have them, or a person goes on ──> switching ── proven by a handshake ──> done
 *      ├──────────────── stopped by a person ┘                                                        └── none in 30 s: the node went back ──> returned
 *      └── what it told is no key, or somebody else's ──> refused
 */
export const ROTATION_STATES = ['making', 'staging', 'switching', 'done', 'returned', 'stopped', 'refused'] as const
export type RotationState = (typeof ROTATION_STATES)[number]

/** Nothing more comes of it. */
export const isOver = (state: RotationState): boolean => !RUNNING.includes(state)
export const RUNNING: readonly RotationState[] = ['making', 'staging', 'switching']
/** From the switch on only the node itself knows by which key it is reached: it decides, within half a minute. */
export const STOPPABLE: readonly RotationState[] = ['making', 'staging']

export type RotationPeer = {
  readonly id: string
  readonly name: string
  /** Each next key of the node that concerns it is on its interfaces, by its own report. */
  readonly hasStaged: boolean
  readonly isAway: boolean
}

/** What the node said of this rotation. */
export type RotationSaid = {
  readonly state: 'made' | 'switching' | 'proven' | 'returned'
  /** It went back; or made what is no key. */
  readonly why: string | null
  readonly nextKey: string | null
  readonly nextDirectKey: string | null
}

export type RotationFacts = {
  readonly state: RotationState
  readonly wantsDirect: boolean
  readonly said: RotationSaid | null
  readonly peers: readonly RotationPeer[]
  /** A person does not wait for who is missing. */
  readonly goesOn: boolean
}

export type RotationNext =
  | { readonly next: 'wait' }
  | { readonly next: 'stage'; readonly nextKey: string; readonly nextDirectKey: string | null }
  | { readonly next: 'refuse'; readonly why: string }
  | { readonly next: 'switch' }
  | { readonly next: 'finish' }
  | { readonly next: 'return'; readonly why: string }

const WAIT: RotationNext = { next: 'wait' }

export function nextRotation({ state, said, peers, goesOn, wantsDirect }: RotationFacts): RotationNext {
  if (isOver(state) || said === null) return WAIT
  if (state === 'making') {
    const { nextKey, nextDirectKey, why } = said
    if (said.state !== 'made') return WAIT
    // It would tell the same for ever: it makes others when it is asked again.
    if (nextKey === null || (wantsDirect && nextDirectKey === null))
      return why === null ? WAIT : { next: 'refuse', why }
    return { next: 'stage', nextKey, nextDirectKey: wantsDirect ? nextDirectKey : null }
  }
  if (state === 'staging') {
    if (said.state !== 'made') return WAIT
    return goesOn || peers.every(({ hasStaged }) => hasStaged) ? { next: 'switch' } : WAIT
  }
  if (said.state === 'proven') return { next: 'finish' }
  if (said.state === 'returned') return { next: 'return', why: said.why ?? 'no peer answered under the next key' }
  return WAIT
}

/** For people: what it waits for, or how it ended. */
export function rotationText(
  name: string,
  state: RotationState,
  peers: readonly RotationPeer[],
  reason: string | null,
): string {
  const missing = peers.filter(({ hasStaged }) => !hasStaged)
  const away = missing.filter(({ isAway }) => isAway).map((peer) => peer.name)
  switch (state) {
    case 'making':
      return `Waiting for ${name} to make its next keys.`
    case 'staging': {
      const has = `${peers.length - missing.length} of ${peers.length} peers have the next key.`
      if (missing.length === 0) return has
      return away.length > 0
        ? `${has} Waiting for ${listed(away)}, from which nothing is heard.`
        : `${has} Waiting for ${listed(missing.map((peer) => peer.name))}.`
    }
    case 'switching':
      return `${name} was told to take its next key. It goes back by itself if no peer answers within 30 s.`
    case 'done':
      return 'The keys were rotated.'
    case 'returned':
      return `${name} went back to its old keys: ${reason ?? 'no peer answered under the next key'}.`
    case 'refused':
      return `The server refused what ${name} made: ${reason ?? 'it is no key'}. The old keys stay in use.`
    case 'stopped':
      return reason ?? 'It was stopped; the old keys stay.'
  }
}

const MOST_NAMES = 3

function listed(names: readonly string[]): string {
  if (names.length <= MOST_NAMES) return names.join(', ')
  return `${names.slice(0, MOST_NAMES).join(', ')} and ${names.length - MOST_NAMES} more`
}
