import { expect, test } from 'vitest'
import golden from './golden/policy.txt?raw'
import { parsePolicy } from './parse-policy.ts'

test('a node without rules says nothing of them', () => expect(parsePolicy(undefined)).toBeNull())

test('the golden block', () => {
  const said = parsePolicy(golden)
  expect(said).toMatchObject({ number: 7, trial: { id: '018f3c1e-0000-7000-8000-0000000000d4', state: 'on' } })
  expect(said?.table).toMatch(/^5392b3b0/)
  expect([...(said?.rules ?? [])]).toEqual([
    [1, 41230],
    [2, 0],
    [12, 3],
  ])
  expect(said?.drops).toEqual([
    { source: '10.77.0.12', destination: '10.77.0.9', protocol: 6, port: 5432, packets: 41 },
    { source: 'fd12:3456:789a::c', destination: 'fd12:3456:789a::9', protocol: 17, port: 53, packets: 2 },
    { source: '10.77.0.12', destination: '10.77.0.9', protocol: 1, port: null, packets: 5 },
    { source: '10.77.0.12', destination: '10.42.3.7', protocol: 47, port: null, packets: 1 },
  ])
})

test.each([
  'number -1',
  'number 7 8',
  'number 99999999999',
  'trial 018f3c1e on',
  'table 5392b3b0',
  'trial 018f3c1e-0000-7000-8000-0000000000d4 maybe',
  'trial 018f3c1e-0000-7000-8000-0000000000d4 on now',
  'rule 0 1 1',
  'rule 1 1',
  'rule 1 -1 1',
  'rule 99999 1 1',
  'rule __proto__ 1 1',
  'drop 10.77.0.1 10.77.0.2 tcp 70000 1',
  'drop 10.77.0.1 fd00::1 tcp 80 1',
  'drop 10.77.0.1;reboot 10.77.0.2 tcp 80 1',
  'drop 10.77.0.1 10.77.0.2 constructor 80 1',
  'drop 10.77.0.1 10.77.0.2 tcp 80 1e9',
  'drop 10.77.0.1 10.77.0.2 tcp x 1',
])('%s says nothing, and the next line counts', (line) => {
  const said = parsePolicy(`${line}\nrule 3 4 5`)
  expect(said).toMatchObject({ number: null, trial: null, table: null, drops: [] })
  expect([...(said?.rules ?? [])]).toEqual([[3, 4]])
})

test('what a node says of its return is text for people', () => {
  const id = '018f3c1e-0000-7000-8000-0000000000d4'
  const said = parsePolicy(`why too early\ntrial ${id} returned\nwhy nft refused it: \u001b[31mno such set`)
  expect(said?.trial).toEqual({ id, state: 'returned', why: expect.stringMatching(/^nft refused it: .*no such set$/) })
  expect(said?.trial?.why).not.toContain('\u001b')
  expect(parsePolicy(`trial ${id} on\nwhy not`)?.trial?.why).toBeNull()
})

test('no more drops than there may be', () => {
  const lines = Array.from({ length: 200 }, (_, i) => `drop 10.77.0.1 10.77.0.2 tcp ${i + 1} 1`)
  expect(parsePolicy(lines.join('\n'))?.drops).toHaveLength(64)
})

test('an ending that was told does not become an unreadable one', () =>
  expect(parsePolicy('trial 018f3c1e-0000-7000-8000-0000000000d4 returned\ntrial x on')?.trial?.state).toBe('returned'))
