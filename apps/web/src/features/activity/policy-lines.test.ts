import { expect, test } from 'vitest'
import { policyLines } from './policy-lines.ts'

const LINES = [null, { kind: 'added', from: null, to: 4, text: '"acls": [],' }]

test('a change of the policy tells its lines', () => {
  expect(policyLines({ action: 'policy.save', after: { number: 2, diff: LINES } })).toEqual(LINES)
})

test.each([
  { it: 'another kind of event', event: { action: 'network.update', after: { diff: LINES } } },
  { it: 'one without lines', event: { action: 'policy.confirm', after: { number: 2 } } },
  { it: 'one that is gone', event: { action: 'policy.save', after: null } },
  { it: 'lines of another shape', event: { action: 'policy.save', after: { diff: [{ kind: 'moved' }] } } },
])('$it tells none', ({ event }) => expect(policyLines(event)).toBeNull())
