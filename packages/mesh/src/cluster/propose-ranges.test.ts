import { expect, test } from 'vitest'
import { overlaps, parsePrefix } from '../ip/prefix.ts'
import { proposeRanges } from './propose-ranges.ts'

const prefix = (text: string) => {
  const parsed = parsePrefix(text)
  if (!parsed.ok) throw new Error(parsed.error.message)
  return parsed.value
}
const proposed = (...taken: string[]) => {
  const ranges = proposeRanges(taken.map(prefix))
  if (!ranges.ok) throw new Error(ranges.error.message)
  return ranges.value
}

test.each([
  {
    it: "k3s' own when they are free",
    taken: ['10.77.0.0/16', 'fd12:3456:789a::/48'],
    want: ['10.42.0.0/16', '10.43.0.0/16', 'fd00:42::/56', 'fd00:43::/112'],
  },
  {
    it: 'others for pods beside another cluster',
    taken: ['10.42.0.0/16'],
    want: ['10.77.0.0/16', '10.43.0.0/16', 'fd00:42::/56', 'fd00:43::/112'],
  },
  {
    it: 'others for services beside a LAN',
    taken: ['10.43.7.0/24'],
    want: ['10.42.0.0/16', '10.77.0.0/16', 'fd00:42::/56', 'fd00:43::/112'],
  },
  {
    it: 'the next IPv6 ones',
    taken: ['fd00:42::/56', 'fd00:43::/112'],
    want: ['10.42.0.0/16', '10.43.0.0/16', 'fd00:42:0:100::/56', 'fd00:43::1:0/112'],
  },
])('a proposal is $it', ({ taken, want }) =>
  expect(Object.values(proposed(...taken))).toEqual([want[0], want[1], want[2], want[3]]),
)

test('four clusters in a row never meet', () => {
  const taken: string[] = ['10.77.0.0/16']
  for (let i = 0; i < 4; i++) {
    const ranges = Object.values(proposed(...taken))
    for (const [j, range] of ranges.entries()) {
      for (const other of [...taken, ...ranges.slice(0, j)]) expect(overlaps(prefix(range), prefix(other))).toBe(false)
    }
    taken.push(...ranges)
  }
})

test('a full space is said so', () =>
  expect(proposeRanges([prefix('10.0.0.0/8')])).toMatchObject({ ok: false, error: { kind: 'no-room' } }))
