import { expect, test } from 'vitest'
import { formatEndpoint } from '../ip/endpoint.ts'
import golden from './golden/ways.txt?raw'
import { parseWays } from './parse-ways.ts'

const KEY = 'hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo='
const GOOD = 'way home-2 span0b 5 dead'

test('a node without the part says nothing of its ways, and one with it may have none to tell', () => {
  expect(parseWays(undefined)).toBeNull()
  expect(parseWays('')).toEqual({ peers: [], ways: [], refused: null })
})

test('the golden block', () => {
  const said = parseWays(golden)
  expect(
    said?.peers.map(({ interfaceName, state, since, rttMs, lost, endpoint, rxBytes, tries }) => [
      interfaceName,
      state,
      since,
      rttMs,
      lost,
      endpoint && formatEndpoint(endpoint),
      rxBytes,
      tries,
    ]),
  ).toEqual([
    ['span0b', 'alive', 80100, 12.345, 2, '203.0.113.9:51820', 148000, null],
    ['span0d', 'dead', 88001, null, 38, '[2001:db8::7]:40817', 0, { last: 88021, next: 88452 }],
    ['span0d', 'unknown', 88200, null, 0, null, 0, { last: 88201, next: null }],
  ])
  expect(said?.ways).toEqual([
    {
      nodeName: 'home-2',
      way: { kind: 'interface', interfaceName: 'span0d', publicKey: KEY },
      since: 88100,
      cause: 'better',
    },
    { nodeName: 'home-3', way: { kind: 'unreachable' }, since: 88120, cause: 'dead' },
    {
      nodeName: null,
      way: { kind: 'interface', interfaceName: 'span0b', publicKey: null },
      since: 88001,
      cause: 'dead',
    },
  ])
})

test.each([
  `peer span0d ${KEY} alive 1 1 1 1 0 1 203.0.113.9:51820 1`,
  `peer span0d ${KEY} alive 1 1 1 1 0 1 203.0.113.9:51820 1 1 1`,
  `peer span0d ${KEY} alive 1 1 1 1 0 1 gw.example.org:51820 1 1`,
  `peer span0d ${KEY} alive 1 1 1 1 0 1 224.0.0.1:51820 1 1`,
  `peer span0d ${KEY} alive 1 1 1 1 0 1 - -1 1`,
  `peer span0d ${KEY} asleep 1 1 1 1 0 1 - 1 1`,
  `peer span0d ${KEY} alive 1 1 1 1 2 1 - 1 1`,
  'peer span0d notakey alive 1 1 1 1 0 1 - 1 1',
  `peer SPAN0D ${KEY} alive 1 1 1 1 0 1 - 1 1`,
  'way Home-2 span0b 5 dead',
  'way home-2;reboot span0b 5 dead',
  'way __proto__ span0b 5 dead',
  'way home-2 span0b 5 bored',
  'way home-2 span0b 5 dead again',
  'way home-2 span0b dead',
  `way home-2 span0d:${KEY}:x 5 dead`,
  'way home-2 span0d:key 5 dead',
  'way home-2 ../../etc 5 dead',
  `way home-2 ${'a'.repeat(300)} 5 dead`,
])('%s says nothing, and the next line counts', (line) => {
  expect(parseWays(`${line}\n${GOOD}`)).toEqual({ peers: [], ways: parseWays(GOOD)?.ways, refused: null })
  expect(parseWays(GOOD)?.ways).toHaveLength(1)
})

test('of two about one thing the first counts', () => {
  const said = parseWays(
    'way home-2 span0b 5 dead\nway home-2 unreachable 6 dead\nway default span0 1 plan\nway default span0b 2 plan',
  )
  expect(said?.ways.map(({ way }) => way)).toMatchObject([{ interfaceName: 'span0b' }, { interfaceName: 'span0' }])
})

const PEER = `peer span0d ${KEY} dead 1 1 - 4 4 1 - 0 0`
const triesIn = (block: string) => parseWays(block)?.peers.map(({ tries }) => tries)

test.each([
  'try span0d',
  `try span0d ${KEY}`,
  `try span0d ${KEY} 5`,
  `try span0d ${KEY} - 9`,
  `try span0d ${KEY} 5 9 9`,
  `try span0d ${KEY} 5 soon`,
  `try span0d ${KEY} -5 9`,
  `try span0d ${KEY} 5 4`,
  `try span0d ${KEY} 1e9 -`,
  `try span0d ${KEY} 5 ${'9'.repeat(300)}`,
  // Not its peer.
  `try span0b ${KEY} 5 9`,
  'try span0d 3p7bfXt9wbTTW2HC7OQ1Nz+DQ8hbeGdNrfx+FG+IK08= 5 9',
  'try __proto__ constructor 5 9',
])('%s says nothing of tries, and the next line counts', (line) => {
  expect(triesIn(`${PEER}\n${line}`)).toEqual([null])
  expect(triesIn(`${PEER}\n${line}\ntry span0d ${KEY} 5 9`)).toEqual([{ last: 5, next: 9 }])
})

test('of two tries of one peer the first counts, and none before its peer', () => {
  expect(triesIn(`${PEER}\ntry span0d ${KEY} 5 -\ntry span0d ${KEY} 6 9`)).toEqual([{ last: 5, next: null }])
  expect(triesIn(`try span0d ${KEY} 5 9\n${PEER}`)).toEqual([null])
})

test('a flood of lines ends somewhere', () => {
  const lines = Array.from({ length: 40_000 }, (_, i) => `way n-${i} span0b 5 dead`)
  expect(parseWays(lines.join('\n'))?.ways).toHaveLength(16_384)
})

test('a part that does not follow its files says why, in text for people', () => {
  const said = parseWays(`refused paths/probes line 3: \u001b[31mspan0d is no interface\n${GOOD}`)
  expect(said?.refused).toMatch(/^paths\/probes line 3: .*span0d is no interface$/)
  expect(said?.refused).not.toContain('\u001b')
  expect(said?.ways).toHaveLength(1)
})
