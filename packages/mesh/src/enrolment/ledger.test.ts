import { describe, expect, test } from 'vitest'
import { type Confirmation, ledger, PROVED_LATER, type StepReport } from './ledger.ts'
import { STEP_ORDER, STEPS, type Step } from './steps.ts'

const T = 1_790_000_000_000
const at = (seconds: number) => T + seconds * 1000

const said = (step: Step, state: StepReport['state'], seconds: number, more: Partial<StepReport> = {}): StepReport => ({
  step,
  state,
  at: at(seconds),
  ...more,
})
const seen = (seconds: number, evidence = 'seen'): Confirmation => ({ at: at(seconds), evidence })

const states = (...args: Parameters<typeof ledger>) => ledger(...args).map((line) => line.state)

test('before the paste everything waits, however long it takes', () => {
  expect(states([], {}, 'member', at(1e6))).toEqual(Array(6).fill('waiting'))
})

test('what the node says alone is never green', () => {
  const all = STEP_ORDER.map((step, i) => said(step, 'done', i))
  expect(states(all, {}, 'member', at(6))).toEqual(Array(6).fill('node-says'))
})

test('a step that the node got past is not blamed for one that failed later', () => {
  const steps = [said('interface', 'done', 1), said('handshake', 'failed', 2)]
  const soon = states(steps, { enrolled: seen(0) }, 'member', at(3))
  expect(soon).toEqual(['green', 'green', 'green', 'node-says', 'failed', 'waiting'])
  expect(states(steps, { enrolled: seen(0) }, 'member', at(1e6))).toEqual(soon)
})

test('a whole join is green, with the evidence of who saw it', () => {
  const all = STEP_ORDER.map((step, i) => said(step, 'done', i, { evidence: 'mine' }))
  const confirmations = Object.fromEntries(STEP_ORDER.map((step, i) => [step, seen(i + 1, `saw ${step}`)]))
  const lines = ledger(all, confirmations, 'member', at(1e6))
  expect(lines.map((line) => line.state)).toEqual(Array(6).fill('green'))
  expect(lines[4]).toEqual({
    step: 'handshake',
    title: STEPS.handshake.title,
    state: 'green',
    evidence: 'saw handshake',
    at: at(5),
    fix: null,
  })
})

test('a confirmed step proves those before it, whose messages may have been lost', () => {
  const lines = ledger([], { interface: seen(9, 'span0 is up') }, 'member', at(10))
  expect(lines.map((line) => line.state)).toEqual(['green', 'green', 'green', 'green', 'waiting', 'waiting'])
  expect(lines[0]?.evidence).toBe('proved by a later step: span0 is up')
})

describe('time-outs', () => {
  test.each([
    { it: 'waits within its time', seconds: 60, want: 'waiting' },
    { it: 'is over past it', seconds: 61, want: 'timed-out' },
  ])('a handshake that nobody saw $it', ({ seconds, want }) => {
    const lines = ledger([said('interface', 'done', -5)], { interface: seen(0) }, 'member', at(seconds))
    expect(lines[4]?.state).toBe(want)
    expect(lines[5]?.state).toBe('waiting')
  })

  test('a time-out has its name, its moment and a fix', () => {
    expect(ledger([], { interface: seen(0) }, 'member', at(100))[4]).toEqual({
      step: 'handshake',
      title: STEPS.handshake.title,
      state: 'timed-out',
      evidence: 'no handshake within 60 s: UDP to the gateway is likely blocked',
      at: at(60),
      fix: STEPS.handshake.timeoutFix,
    })
  })

  test('the word of the node does not stop the clock: without the other end it runs out, and both are told', () => {
    const lines = ledger(
      [said('handshake', 'done', 3, { evidence: '2 s ago' })],
      { interface: seen(0) },
      'member',
      at(64),
    )
    expect(lines[4]).toMatchObject({
      state: 'timed-out',
      evidence: expect.stringMatching(/^no handshake.*the node says: 2 s ago$/),
    })
  })

  test('pasting again gives a step its time again', () => {
    const again = [said('handshake', 'running', 500)]
    expect(ledger(again, { interface: seen(0) }, 'member', at(559))[4]?.state).toBe('running')
    expect(ledger(again, { interface: seen(0) }, 'member', at(561))[4]?.state).toBe('timed-out')
  })

  test('a confirmation after the time-out is green all the same', () => {
    expect(ledger([], { handshake: seen(300) }, 'member', at(301))[4]?.state).toBe('green')
  })

  test('every step has a time-out of its own, even when the node began it and fell silent', () => {
    for (const step of STEP_ORDER) {
      const line = ledger([said(step, 'running', 0)], {}, 'member', at(STEPS[step].timeoutSeconds + 1)).find(
        (l) => l.step === step,
      )
      expect(line).toMatchObject({ state: 'timed-out', evidence: STEPS[step].timeout, fix: STEPS[step].timeoutFix })
    }
  })
})

describe('failures', () => {
  const failed = said('preflight', 'failed', 5, { code: 'no-wireguard', evidence: 'apt-get install wireguard-tools' })

  test('a failure keeps the words of the machine and names the fix', () => {
    expect(ledger([failed], {}, 'member', at(6))[0]).toMatchObject({
      state: 'failed',
      evidence: 'apt-get install wireguard-tools',
      fix: expect.stringContaining('install packages'),
    })
  })

  test('nothing after a failure runs out of time', () => {
    expect(states([failed], {}, 'member', at(1e6))).toEqual(['failed', ...Array(5).fill('waiting')])
  })

  test('pasting again heals it: the newest word wins, in whatever order they are given', () => {
    const again = said('preflight', 'running', 50)
    expect(states([again, failed], {}, 'member', at(51))[0]).toBe('running')
    expect(states([failed, again], {}, 'member', at(51))[0]).toBe('running')
  })

  test('a failure older than a later confirmation is over', () => {
    expect(states([failed], { enrolled: seen(60) }, 'member', at(61))[0]).toBe('green')
  })

  test('a failure after a confirmation is shown', () => {
    expect(states([said('handshake', 'failed', 90)], { handshake: seen(10) }, 'member', at(91))[4]).toBe('failed')
  })
})

describe('the first gateway of a network', () => {
  test('has handshake and reachable proved later, and never times out on them', () => {
    const lines = ledger([said('handshake', 'running', 6)], { interface: seen(5) }, 'first-gateway', at(1e6))
    expect(lines.slice(4).map(({ state, evidence, fix }) => ({ state, evidence, fix }))).toEqual([
      { state: 'not-yet', evidence: PROVED_LATER, fix: null },
      { state: 'not-yet', evidence: PROVED_LATER, fix: null },
    ])
  })

  test('turns green there with its first member', () => {
    expect(states([], { reachable: seen(700) }, 'first-gateway', at(701))).toEqual(Array(6).fill('green'))
  })

  test('fails like any other before that', () => {
    expect(states([said('preflight', 'failed', 1)], {}, 'first-gateway', at(2))[0]).toBe('failed')
  })
})
