import { expect, test } from 'vitest'
import { type Random, randomOf } from '../policy/testing/random.ts'
import {
  isOver,
  nextRotation,
  ROTATION_STATES,
  type RotationFacts,
  type RotationPeer,
  type RotationSaid,
  type RotationState,
  rotationText,
} from './rotation.ts'

const peer = (name: string, hasStaged: boolean, isAway = false): RotationPeer => ({ id: name, name, hasStaged, isAway })
const said = (state: RotationSaid['state'], why: string | null = null): RotationSaid => ({
  state,
  why,
  nextKey: 'K',
  nextDirectKey: 'D',
})
const facts = (state: RotationState, more: Partial<RotationFacts> = {}): RotationFacts => ({
  state,
  wantsDirect: true,
  said: null,
  peers: [],
  goesOn: false,
  ...more,
})

test('nothing goes to peers before the node has told its next keys', () => {
  expect(nextRotation(facts('making'))).toEqual({ next: 'wait' })
  expect(nextRotation(facts('making', { said: { ...said('made'), nextDirectKey: null } }))).toEqual({ next: 'wait' })
  expect(nextRotation(facts('making', { said: said('made') }))).toEqual({
    next: 'stage',
    nextKey: 'K',
    nextDirectKey: 'D',
  })
  expect(nextRotation(facts('making', { said: said('made'), wantsDirect: false }))).toMatchObject({
    nextDirectKey: null,
  })
})

test('what the node made and cannot be a key ends the rotation with its reason, unless nobody needs it', () => {
  const why = 'its next key is all zeros'
  const made = { ...said('made', why), nextKey: null }
  expect(nextRotation(facts('making', { said: made }))).toEqual({ next: 'refuse', why })
  const direct = { ...said('made', why), nextDirectKey: null }
  expect(nextRotation(facts('making', { said: direct }))).toEqual({ next: 'refuse', why })
  expect(nextRotation(facts('making', { said: direct, wantsDirect: false }))).toMatchObject({ next: 'stage' })
  expect(isOver('refused')).toBe(true)
  expect(rotationText('vps-1', 'refused', [], why)).toBe(
    'The server refused what vps-1 made: its next key is all zeros. The old keys stay in use.',
  )
})

test('the node is told to switch when each peer has the next key, or a person goes on', () => {
  const peers = [peer('a', true), peer('b', false, true)]
  expect(nextRotation(facts('staging', { said: said('made'), peers }))).toEqual({ next: 'wait' })
  expect(nextRotation(facts('staging', { said: said('made'), peers, goesOn: true }))).toEqual({ next: 'switch' })
  expect(nextRotation(facts('staging', { said: said('made'), peers: [peer('a', true)] }))).toEqual({ next: 'switch' })
})

test('only the word of the node ends a switch', () => {
  expect(nextRotation(facts('switching', { said: said('switching') }))).toEqual({ next: 'wait' })
  expect(nextRotation(facts('switching', { said: said('proven') }))).toEqual({ next: 'finish' })
  expect(nextRotation(facts('switching', { said: said('returned', 'no answer') }))).toEqual({
    next: 'return',
    why: 'no answer',
  })
})

test('what it waits for is said by name, who is away first', () => {
  const peers = [peer('gw-1', true), peer('gw-2', false), peer('home-1', false, true)]
  expect(rotationText('vps-1', 'staging', peers, null)).toBe(
    '1 of 3 peers have the next key. Waiting for home-1, from which nothing is heard.',
  )
  expect(rotationText('vps-1', 'staging', peers.slice(0, 2), null)).toBe(
    '1 of 2 peers have the next key. Waiting for gw-2.',
  )
})

const RUNS = 2_000
const AFTER = { stage: 'staging', refuse: 'refused', switch: 'switching', finish: 'done', return: 'returned' } as const
const pick = <T>(random: Random, all: readonly T[]): T => random.one(all)
const coin = (random: Random): boolean => random.chance(50)

const anyFacts = (random: Random): RotationFacts => ({
  state: pick(random, ROTATION_STATES),
  wantsDirect: coin(random),
  goesOn: coin(random),
  said: coin(random)
    ? null
    : {
        state: pick(random, ['made', 'switching', 'proven', 'returned']),
        why: coin(random) ? 'it is no key' : null,
        nextKey: coin(random) ? 'K' : null,
        nextDirectKey: coin(random) ? 'D' : null,
      },
  peers: Array.from({ length: random.below(5) }, (_, i) => peer(`p${i}`, coin(random), coin(random))),
})

test('a rotation that is over stays so, and the rest of the order is never left out', () => {
  const before = {
    stage: 'making',
    refuse: 'making',
    switch: 'staging',
    finish: 'switching',
    return: 'switching',
  } as const
  const seen = new Set<string>()
  for (let seed = 0; seed < RUNS; seed++) {
    const given = anyFacts(randomOf(seed))
    const { next } = nextRotation(given)
    seen.add(next)
    if (isOver(given.state)) expect(next).toBe('wait')
    if (next !== 'wait') expect(given.state).toBe(before[next])
    if (next === 'switch' && !given.goesOn) expect(given.peers.every(({ hasStaged }) => hasStaged)).toBe(true)
    if (next === 'stage') expect(given.said?.nextKey).toBe('K')
    if (next === 'finish') expect(given.said?.state).toBe('proven')
  }
  expect([...seen].sort()).toEqual(['finish', 'refuse', 'return', 'stage', 'switch', 'wait'])
})

test('whatever is heard in whatever order, each peer that could has the key in use', () => {
  const ends = new Set<string>()
  for (let seed = 0; seed < RUNS; seed++) ends.add(walk(randomOf(seed)))
  expect(ends).toContain('done')
  expect(ends).toContain('returned')
})

/** The node's key changes in its own hands; peers drop one of the two when the server says how it ended, and not before. */
function walk(random: Random): RotationState {
  let state: RotationState = 'making'
  let word: RotationSaid['state'] | null = null
  let key = 'old'
  const staged = [false, false, false]
  for (let step = 0; step < 60; step++) {
    const what = pick(random, ['node', 'peer', 'server', 'proof', 'no proof'])
    if (what === 'node' && word === null) word = 'made'
    else if (what === 'node' && word === 'made' && state === 'switching') [word, key] = ['switching', 'next']
    else if (what === 'proof' && word === 'switching') word = 'proven'
    else if (what === 'no proof' && word === 'switching') [word, key] = ['returned', 'old']
    else if (what === 'peer' && state !== 'making') staged[random.below(3)] = true
    else if (what === 'server') {
      const peers = staged.map((has, i) => peer(`p${i}`, has))
      const { next } = nextRotation(facts(state, { said: word && said(word), peers }))
      if (next !== 'wait') state = AFTER[next]
    }
    for (const has of staged) {
      const keys = state === 'done' ? ['next'] : state === 'returned' || !has ? ['old'] : ['old', 'next']
      if (!keys.includes(key)) expect(keys, `${state}, the node said ${word}`).toContain(key)
    }
  }
  return state
}
