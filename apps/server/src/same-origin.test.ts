import { expect, test } from 'vitest'
import { isSameOrigin } from './same-origin.ts'

const host = 'spanwire.example.com'
const post = { method: 'POST', host, secFetchSite: undefined, origin: undefined, hasCookie: true, hasKey: false }

test.each([
  { it: 'the console itself', request: { secFetchSite: 'same-origin', origin: `https://${host}` }, want: true },
  { it: 'an old browser on the console', request: { origin: `https://${host}` }, want: true },
  { it: 'another site', request: { secFetchSite: 'cross-site', origin: 'https://evil.example' }, want: false },
  { it: 'a sibling of the same domain', request: { secFetchSite: 'same-site' }, want: false },
  { it: 'an old browser on another site', request: { origin: 'https://evil.example' }, want: false },
  { it: 'another port of the same host', request: { origin: `https://${host}:8443` }, want: false },
  { it: 'a sandboxed frame', request: { origin: 'null' }, want: false },
  { it: 'a cookie that no browser sends', request: {}, want: false },
  {
    it: 'another site before anybody is signed in',
    request: { origin: 'https://evil.example', hasCookie: false },
    want: false,
  },
  { it: 'curl without a cookie', request: { hasCookie: false }, want: true },
  { it: 'a script with a key', request: { hasKey: true, hasCookie: false }, want: true },
  { it: 'another site that puts on a key', request: { hasKey: true, origin: 'https://evil.example' }, want: false },
  {
    it: 'a read from another site, which learns nothing',
    request: { method: 'GET', secFetchSite: 'cross-site' },
    want: true,
  },
])('a change from $it: $want', ({ request, want }) => {
  expect(isSameOrigin({ ...post, ...request })).toBe(want)
})
