import { expect, test } from 'vitest'
import { formatEndpoint } from '../ip/endpoint.ts'
import { formatPrefix } from '../ip/prefix.ts'
import {
  parseAllowedIps,
  parseEndpoints,
  parseLatestHandshakes,
  parseListenPort,
  parsePublicKeyView,
  parseTransfer,
} from './parse-views.ts'

const A = 'hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo='
const B = '3p7bfXt9wbTTW2HC7OQ1Nz+DQ8hbeGdNrfx+FG+IK08='

test('handshakes are unix seconds, and 0 is never', () => {
  expect(parseLatestHandshakes(`${A}\t1790000000\n${B}\t0\n`)).toEqual({
    rows: new Map([
      [A, 1790000000],
      [B, null],
    ]),
    skipped: 0,
  })
})

test('endpoints are numeric, zones are dropped, and (none) is null', () => {
  const { rows, skipped } = parseEndpoints(`${A}\t[fe80::1%eth0]:51820\n${B}\t(none)\n`)
  const first = rows.get(A)
  expect(first && formatEndpoint(first)).toBe('[fe80::1]:51820')
  expect(rows.get(B)).toBe(null)
  expect(skipped).toBe(0)
})

test('transfer is received, then sent', () => {
  expect(parseTransfer(`${A}\t148\t92\n`).rows.get(A)).toEqual({ rxBytes: 148, txBytes: 92 })
})

test('allowed addresses are a list of ranges, and (none) is an empty one', () => {
  const { rows } = parseAllowedIps(`${A}\t10.77.0.2/32 fd12::2/128\n${B}\t(none)\n`)
  expect(rows.get(A)?.map(formatPrefix)).toEqual(['10.77.0.2/32', 'fd12::2/128'])
  expect(rows.get(B)).toEqual([])
})

test('the key and the port of an interface', () => {
  expect([parsePublicKeyView(`${A}\n`), parsePublicKeyView('(none)\n'), parsePublicKeyView(`${A}\n${B}\n`)]).toEqual([
    A,
    null,
    null,
  ])
  expect(['51820\n', '0\n', '65536', '-1', '5e3', ''].map(parseListenPort)).toEqual([
    51820,
    null,
    null,
    null,
    null,
    null,
  ])
})

test('the same key twice counts once: a node cannot overwrite what it said', () => {
  expect(parseTransfer(`${A}\t1\t2\n${A}\t3\t4\n`)).toEqual({
    rows: new Map([[A, { rxBytes: 1, txBytes: 2 }]]),
    skipped: 1,
  })
})

const hostile = [
  { it: 'text without a key', line: 'Unable to access interface: No such device' },
  { it: 'a private-key-like dump line', line: `${A}\t${B}\t51820\toff` },
  { it: 'an empty line', line: '' },
  { it: 'a key alone', line: A },
  { it: 'a key that is not canonical', line: `${A.slice(0, 42)}p=\t1\t1` },
  { it: 'a negative number', line: `${A}\t-1\t-1` },
  { it: 'a number in another notation', line: `${A}\t1e9\t1e9` },
  { it: 'a number past 2^53', line: `${A}\t9007199254740993\t9007199254740993` },
  { it: 'a number of a thousand digits', line: `${A}\t${'9'.repeat(1000)}\t1` },
  { it: 'a carriage return', line: `${A}\t1\t1\r` },
  { it: 'a line of a megabyte', line: `${A}\t${'1'.repeat(1_000_000)}` },
]

test.each(hostile)('$it is skipped and counted in every view, and its neighbours are kept', ({ line }) => {
  for (const [parse, good] of [
    [parseLatestHandshakes, `${B}\t5`],
    [parseEndpoints, `${B}\t203.0.113.7:1`],
    [parseTransfer, `${B}\t1\t2`],
    [parseAllowedIps, `${B}\t10.0.0.0/8`],
  ] as const) {
    const { rows, skipped } = parse(`${line}\n${good}\n`)
    expect([[...rows.keys()], skipped]).toEqual([[B], 1])
  }
})

test.each([
  { it: 'an endpoint that is a name', text: `${A}\tevil.example:51820` },
  { it: 'an endpoint without port', text: `${A}\t203.0.113.7` },
  { it: 'an endpoint at everybody', text: `${A}\t0.0.0.0:51820` },
])('$it is skipped', ({ text }) => expect(parseEndpoints(text)).toEqual({ rows: new Map(), skipped: 1 }))

test('a range with host bits spoils its line only', () => {
  expect(parseAllowedIps(`${A}\t10.0.0.1/8\n${B}\t10.0.0.0/8`)).toMatchObject({ skipped: 1 })
})

test('a flood of lines is cut, and says so', () => {
  const { rows, skipped } = parseTransfer('x\n'.repeat(200_000))
  expect(rows.size).toBe(0)
  expect(skipped).toBe(65_537)
})
