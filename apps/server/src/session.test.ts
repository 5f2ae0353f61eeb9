import { expect, test } from 'vitest'
import { sessionToken } from './session.ts'

test.each([
  { it: 'plain HTTP', https: false, want: 'plain' },
  { it: 'HTTPS', https: true, want: 'secure' },
])('over $it only the cookie of that kind counts', ({ https, want }) => {
  const cookie = 'a=b; next-auth.session-token=plain;__Secure-next-auth.session-token=secure'
  expect(sessionToken(cookie, https)).toBe(want)
})

test.each([undefined, '', 'next-auth.session-tokenx=1', 'x-next-auth.session-token=1', '=;;'])(
  '%s is no session',
  (cookie) => {
    expect(sessionToken(cookie, false)).toBeNull()
  },
)
