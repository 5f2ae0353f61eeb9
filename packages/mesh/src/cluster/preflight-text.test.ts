import { expect, test } from 'vitest'
import golden from './golden/preflight.txt?raw'
import { parsePreflight } from './parse-preflight.ts'
import { found } from './preflight-codes.ts'
import { preflightKnown } from './preflight-known.ts'
import { preflightText } from './preflight-text.ts'

const facts = (change: (text: string) => string = (text) => text) => {
  const parsed = parsePreflight(change(golden))
  if (!parsed.ok) throw new Error(parsed.error.message)
  return parsed.value
}

test('a terminal gets each finding with its evidence and its fix, and first whether the script stops', () => {
  const finding = found(
    'port-in-use',
    'caddy listens on TCP 6443, which the API server needs',
    'listen tcp :: 6443 caddy',
  )
  expect(preflightText([finding], preflightKnown(facts(), false), true)).toBe(`stops yes
critical: port-in-use: caddy listens on TCP 6443, which the API server needs
  evidence: listen tcp :: 6443 caddy
  fix: Stop that program, or let it listen on another port.
k3s is not installed here before that is put right
`)
})

test('no control character of the machine comes back to its terminal', () => {
  const finding = found('host-firewall', 'iptables drops the overlay', 'rule \u001b[2J\nstops no')
  const text = preflightText([finding], [], true)
  expect(text).not.toContain('\u001b')
  expect(text.match(/^stops /gm)).toEqual(['stops '])
})

test('what could not be measured is said', () => {
  const unmeasured = facts((text) => text.replace(/^(path-mtu|nat|udp-gateway|clock-skew-ms) .*$/gm, '$1 unknown'))
  const known = preflightKnown(unmeasured, false)
  expect(known.map(({ what, isKnown }) => `${what} ${isKnown}`)).toEqual([
    'udp false',
    'mtu false',
    'nat false',
    'clock false',
  ])
  expect(preflightText([], known, false)).toMatch(
    /^stops no\n(not known: .*\n){4}nothing stands in the way of k3s here\n$/,
  )
  expect(known[1]?.text).toContain('the link of this machine carries 1500 bytes')
  expect(preflightKnown(unmeasured, true)).toHaveLength(1)
})
