import { expect, test } from 'vitest'
import { checkPolicy } from './check-policy.ts'
import { reaches } from './reaches.ts'
import headscale from './testing/exported/headscale.hujson?raw'
import grants from './testing/exported/tailscale-grants.hujson?raw'
import team from './testing/exported/tailscale-team.hujson?raw'
import { address } from './testing/interpret-table.ts'
import { sampleWorld } from './testing/sample-network.ts'
import type { World } from './world.ts'

/** Files as people have them, pasted into a network where some of their names mean somebody. */
const node = (id: string, last: number, tags: readonly string[]): World['nodes'][number] => ({
  ...{ id, name: id, address4: `10.77.0.${last}`, address6: null, site: null, tags, owner: null, podRanges: [] },
})
const device = (name: string, owner: string, last: number): World['devices'][number] => ({
  ...{ id: name, name, owner, address4: `10.77.0.${last}`, address6: null },
})
const world: World = {
  ...sampleWorld,
  clusters: [],
  nodes: [node('gw', 1, []), node('prod-1', 2, ['prod']), node('stage-1', 3, ['staging']), node('ci-1', 4, ['ci'])],
  devices: [
    device('mara-laptop', 'mara@firm.example', 101),
    device('mara-phone', 'mara@firm.example', 102),
    device('jonas-laptop', 'jonas@firm.example', 103),
  ],
  members: [
    { email: 'mara@firm.example', role: 'admin' },
    { email: 'jonas@firm.example', role: 'viewer' },
  ],
  carrier: 'gw',
}
const [PROD, STAGE, CI, MARA, PHONE, JONAS] = [2, 3, 4, 101, 102, 103].map((last) => `10.77.0.${last}`) as string[]

function pasted(text: string) {
  const { plan, errors, warnings, tests } = checkPolicy(text, world, null)
  const said = (found: typeof errors) => found.map(({ line, message }) => `${line} ${message}`)
  const lets = (from: string | undefined, to: string | undefined, port: number, protocol = 6): boolean => {
    if (!plan || !from || !to) throw new Error('no plan')
    return reaches(plan, { from: address(from), to: address(to), protocol, port }).allowed
  }
  return { errors: said(errors), warnings: said(warnings), tests: tests.map(({ state }) => state), lets }
}

test("Tailscale's file of a small company works, its own tests too, and each line that does not apply is named", () => {
  const { errors, warnings, tests, lets } = pasted(team)
  expect(errors).toEqual([])
  expect(warnings).toEqual([
    '22 "autogroup:internet" does not apply here: Spanwire has no exit nodes, each machine goes to the Internet by itself. It stands for nobody.',
    '23 This is an address of Tailscale, which nobody has here.',
    '28 "ssh" does not apply here: there is no Tailscale SSH here; a rule for port 22 lets SSH through.',
    '38 "nodeAttrs" does not apply here: nodes have no Tailscale attributes here.',
    '42 "autoApprovers" does not apply here: routes are approved on the page of a node.',
  ])
  expect(tests).toEqual(['passed', 'passed', 'passed', 'passed', 'passed', 'passed'])
  // autogroup:self: what is one's own, and nobody else's.
  expect(lets(MARA, PHONE, 5000)).toBe(true)
  expect(lets(JONAS, PHONE, 5000)).toBe(false)
  expect(lets(JONAS, STAGE, 5432)).toBe(true)
  expect(lets(MARA, PROD, 443, 17)).toBe(false)
  expect(lets(CI, STAGE, 8099)).toBe(true)
  expect(lets(MARA, '192.168.20.14', 631)).toBe(true)
})

test("Tailscale's grants: what would let more through without its condition is refused, the rest is said", () => {
  const { errors, warnings } = pasted(grants)
  expect(errors).toEqual([
    '8 "srcPosture" does not apply here: a policy cannot say the state of a device, and without it the rule lets more through.',
    '9 "via" does not apply here: a policy cannot say which node carries, and without it the rule lets more through.',
    '11 "svc:web" does not apply here: Spanwire has no services.',
  ])
  expect(warnings).toEqual([
    '4 "autogroup:network-admin" does not apply here: the roles are owner, admin, operator and viewer. It stands for nobody.',
    '5 "postures" does not apply here: the state of a device is not looked at here.',
    '9 "autogroup:internet" does not apply here: Spanwire has no exit nodes, each machine goes to the Internet by itself. It stands for nobody.',
    '10 "app" does not apply here: it gives rights inside of Tailscale\'s own programs.',
    '13 "ipsets" does not apply here: give addresses an alias in hosts instead.',
  ])
  const fits = grants
    .split('\n')
    .filter((line) => !/srcPosture|"via"|svc:/.test(line))
    .join('\n')
  const mended = pasted(fits)
  expect(mended.errors).toEqual([])
  expect(mended.lets(MARA, PROD, 443)).toBe(true)
  expect(mended.lets(MARA, PROD, 4433)).toBe(false)
  expect(mended.lets(MARA, PROD, 4433, 17)).toBe(true)
  expect(mended.lets(MARA, PROD, 22)).toBe(false)
  expect(mended.lets(JONAS, PROD, 443)).toBe(false)
})

test("Headscale's file works; names without a domain mean nobody, and the fix is said", () => {
  const { errors, warnings, lets } = pasted(headscale)
  expect(errors).toEqual([])
  expect(warnings).toEqual([
    '4 mara@ is no e-mail address, so this means nobody.',
    '15 "#ha-meta" is a note of another program and is left out.',
    '23 This is an address of Tailscale, which nobody has here.',
    '27 "ssh" does not apply here: there is no Tailscale SSH here; a rule for port 22 lets SSH through.',
  ])
  expect(lets(JONAS, PROD, 443)).toBe(true)
  expect(lets(JONAS, PROD, 5432)).toBe(false)
  expect(lets(MARA, PROD, 80)).toBe(true)
  expect(lets(MARA, PROD, 443)).toBe(false)
  expect(lets(JONAS, '192.168.20.77', 22)).toBe(true)
  expect(lets(JONAS, MARA, 22)).toBe(false)
})
