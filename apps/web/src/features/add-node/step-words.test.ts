import { expect, test } from 'vitest'
import { choiceFor, type LedgerStep, spokenProgress, stageOf, stepWord } from './step-words.ts'

const step = (name: LedgerStep['step'], state: LedgerStep['state']): LedgerStep => ({
  step: name,
  state,
  title: name,
  evidence: null,
  at: null,
  fix: null,
  code: null,
})

test.each([
  { it: 'waits until the machine has said a word', steps: [step('preflight', 'waiting')], want: 'waiting' },
  {
    it: 'waits though a first gateway has steps for later',
    steps: [step('preflight', 'waiting'), step('handshake', 'not-yet')],
    want: 'waiting',
  },
  { it: 'is joining from the first word on', steps: [step('preflight', 'running')], want: 'joining' },
  { it: 'is joining while only the node says so', steps: [step('keys', 'node-says')], want: 'joining' },
  { it: 'has stopped at a failure', steps: [step('preflight', 'green'), step('keys', 'failed')], want: 'stopped' },
  { it: 'has stopped at a time-out', steps: [step('handshake', 'timed-out')], want: 'stopped' },
] as const)('a join $it', ({ steps, want }) => expect(stageOf({ steps: [...steps], done: false })).toBe(want))

test('a join is done when the server says so, whatever was missed on the way', () => {
  expect(stageOf({ steps: [step('preflight', 'waiting')], done: true })).toBe('done')
})

test('green names the other end that saw it; what only the node says is never green', () => {
  expect(stepWord(step('enrolled', 'green'))).toBe('the server saw it')
  expect(stepWord(step('handshake', 'green'))).toBe('the gateway saw it')
  expect(stepWord(step('handshake', 'node-says'))).toBe('the node says')
})

test('the newest word is spoken', () => {
  const steps = [step('preflight', 'green'), step('keys', 'running'), step('enrolled', 'waiting')]
  expect(spokenProgress({ steps } as never)).toBe('Step 2 of 3, keys: running.')
})

test.each([
  { it: 'a tool that is missing', failed: { ...step('preflight', 'failed'), code: 'missing-tool' }, want: 'packages' },
  { it: 'a firewall of the host', failed: { ...step('preflight', 'failed'), code: 'host-firewall' }, want: 'fix' },
  { it: 'no answer through the tunnel', failed: step('reachable', 'timed-out'), want: 'fix' },
  { it: 'a clock that is off', failed: { ...step('preflight', 'failed'), code: 'clock-skew' }, want: null },
  { it: 'what once failed and is green', failed: { ...step('preflight', 'green'), code: 'missing-tool' }, want: null },
])('$it is mended by the line: $want', ({ failed, want }) => expect(choiceFor(failed)).toBe(want))
