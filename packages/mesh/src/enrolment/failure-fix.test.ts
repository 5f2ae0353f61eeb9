import { expect, test } from 'vitest'
import { failureFix } from './failure-fix.ts'

test.each([
  'token-used',
  'token-expired',
  'token-revoked',
  'key-in-use',
  'quarantined',
  'paused',
  'name-taken',
  'gateway-first',
  'pool-exhausted',
  'malformed',
  'bad-key',
  'bad-name',
  'unknown',
  'removed',
  'too-large',
  'slow-down',
  'protocol',
  'unavailable',
])('a refusal of the protocol, %s, has a fix of its own', (code) => {
  expect(failureFix(code)).not.toBe(failureFix(undefined))
})

test.each([undefined, '', 'from-the-future', '__proto__', 'constructor', 'toString'])(
  '%s, an unknown code, is answered with what always helps',
  (code) => {
    expect(failureFix(code)).toContain('paste the line again')
  },
)
