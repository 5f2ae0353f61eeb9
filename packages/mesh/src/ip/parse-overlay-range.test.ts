import { expect, test } from 'vitest'
import { parseOverlayRange, parseUla } from './parse-overlay-range.ts'

test.each(['10.0.0.0/8', '10.77.0.0/16', '172.16.0.0/12', '192.168.7.0/24', '100.64.0.0/10', '10.9.8.0/29'])(
  '%s can be an overlay',
  (text) => expect(parseOverlayRange(text).ok).toBe(true),
)

test.each([
  { it: 'a public range', text: '8.8.8.0/24', kind: 'not-private' },
  { it: 'more than a private range', text: '172.0.0.0/8', kind: 'not-private' },
  { it: 'everything', text: '0.0.0.0/0', kind: 'bad-size' },
  { it: 'two machines', text: '10.0.0.0/30', kind: 'bad-size' },
  { it: 'loopback', text: '127.0.0.0/8', kind: 'not-private' },
  { it: 'link-local', text: '169.254.0.0/16', kind: 'not-private' },
  { it: 'multicast', text: '224.0.0.0/8', kind: 'not-private' },
  { it: 'host bits', text: '10.77.0.5/16', kind: 'host-bits' },
  { it: 'IPv6', text: 'fd00::/48', kind: 'wrong-family' },
  { it: 'a second line', text: '10.77.0.0/16\nx', kind: 'bad-prefix' },
])('$it is refused as $kind', ({ text, kind }) =>
  expect(parseOverlayRange(text)).toMatchObject({ ok: false, error: { kind } }),
)

test.each([
  { it: 'a /48 of unique local addresses', text: 'fd12:3456:789a::/48', kind: null },
  { it: 'a /64', text: 'fd12:3456:789a::/64', kind: 'bad-size' },
  { it: 'the half of fc00::/7 that is not local', text: 'fc00::/48', kind: 'not-private' },
  { it: 'a global range', text: '2001:db8::/48', kind: 'not-private' },
  { it: 'IPv4', text: '10.0.0.0/8', kind: 'wrong-family' },
])('$it beside it: $kind', ({ text, kind }) => {
  const parsed = parseUla(text)
  expect(parsed.ok ? null : parsed.error.kind).toBe(kind)
})
