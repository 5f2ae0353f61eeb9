import { expect, test } from 'vitest'
import { addRules } from './add-rules.ts'
import { checkNames } from './check-names.ts'
import { readPolicy } from './read-policy.ts'
import { randomOf } from './testing/random.ts'
import { SAMPLE_POLICY, sampleWorld } from './testing/sample-network.ts'

const said = (text: string) =>
  readPolicy(text).findings.map(
    ({ severity, line, column, message, fix }) => `${severity} ${line}:${column} ${message} ${fix}`,
  )
const rule = (inside: string) => `{"acls": [{"action": "accept", ${inside}}]}`

test('an absent acls allows all, an empty one nothing', () => {
  expect(readPolicy('{}').policy?.isOpen).toBe(true)
  expect(readPolicy('{"groups": {}, "acls": null}').policy?.isOpen).toBe(true)
  expect(readPolicy('{"acls": []}').policy).toMatchObject({ isOpen: false, rules: [] })
  expect(readPolicy('{"grants": []}').policy).toMatchObject({ isOpen: false, rules: [] })
})

test('a rule without proto is TCP, UDP and ping; ports are merged', () => {
  const { policy } = readPolicy(rule('"src": ["*"], "dst": ["tag:db:80,82,81,1000-2000"]'))
  const ports = [
    { first: 80, last: 82 },
    { first: 1000, last: 2000 },
  ]
  expect(policy?.rules[0]?.destinations[0]?.services).toEqual([
    { protocol: 1, ports: null },
    { protocol: 6, ports },
    { protocol: 17, ports },
    { protocol: 58, ports: null },
  ])
})

test.each([
  ['"src": ["*"], "dst": ["tag:db"]', 'error 1:54 "tag:db" has no ports. Write tag:db:443, or tag:db:* for all'],
  ['"src": ["*"], "dst": ["home"]', 'error 1:54 "home" has no ports. Write home:443, or home:* for all'],
  [
    '"src": ["*"], "dst": ["*:70000"]',
    'error 1:54 "70000" is no port. Write 443, 80,443, 1000-2000, or * for all; ports go up to 65535',
  ],
  ['"src": ["*"], "dst": ["*:90-80"]', 'error 1:54 The range 90-80 runs backwards. Write 80-90'],
  [
    '"src": ["*"], "dst": ["fd00::1:80"]',
    'error 1:54 "fd00::1:80": where the IPv6 address ends and the port begins cannot be told. Write the address in brackets: [fd00::1]:80',
  ],
  [
    '"src": ["autogroup:self"], "dst": ["*:*"]',
    'error 1:40 "autogroup:self" means the machines of whoever asks, so it stands in dst only. Write autogroup:member in src and autogroup:self:* in dst',
  ],
  ['"src": ["autogroup:membr"], "dst": ["*:*"]', 'error 1:40 There is no autogroup "membr". Did you mean member?'],
  [
    '"src": ["10.77.0.5/24"], "dst": ["*:*"]',
    'error 1:40 10.77.0.5/24 names one address inside a range; the range is 10.77.0.0/24. Write 10.77.0.0/24',
  ],
  [
    '"src": ["10.77.0.9-10.77.0.5"], "dst": ["*:*"]',
    'error 1:40 The range runs backwards. Put the lower address first',
  ],
  [
    '"src": ["10.77.0.300"], "dst": ["*:*"]',
    'error 1:40 "10.77.0.300" is no address and no range. Write it like 10.77.0.1, 10.77.0.0/16, 10.77.0.5-10.77.0.9 or fd00::1',
  ],
  [
    '"src": ["ipset:x"], "dst": ["*:*"]',
    'error 1:40 "ipset:x" does not apply here: Spanwire has no IP sets. Name addresses, or give them an alias in hosts',
  ],
  ['"src": ["tags:db"], "dst": ["*:*"]', 'error 1:40 "tags:" is not known. Did you mean tag:?'],
  ['"src": ["*"], "dst": ["*:*"], "proto": "tpc"', 'error 1:71 "tpc" is no protocol. Did you mean tcp?'],
  ['"src": ["*"], "dst": ["*:*"], "proto": "06"', 'error 1:71 "06" has a leading zero. Write 6'],
  [
    '"src": ["*"], "dst": ["*:*"], "proto": "256"',
    'error 1:71 There is no protocol 256. Numbers of protocols go from 0 to 255',
  ],
  ['"src": ["*"], "dst": ["tag:db:80"], "proto": "gre"', 'error 1:54 This protocol has no ports. Write tag:db:*'],
  ['"src": ["*"]', 'error 1:11 The rule has no dst. Write "dst": [ … ]'],
  ['"src": "*", "dst": ["*:*"]', 'error 1:39 src is a text; it has to be a list in [ ]. Write a list in [ ]'],
  ['"src": ["*"], "dts": ["*:*"], "dst": ["*:*"]', 'error 1:46 A rule has no field "dts". Did you mean dst?'],
  [
    '"src": ["*"], "dst": ["*:*"], "srcPosture": ["x"]',
    'error 1:62 "srcPosture" does not apply here: a policy cannot say the state of a device, and without it the rule lets more through. Remove it when the wider rule is what you want',
  ],
])('%s is refused at its place', (inside, sentence) => expect(said(rule(inside))).toEqual([sentence]))

test.each([
  [
    '{"acls": [{"action": "drop", "src": ["*"], "dst": ["*:*"]}]}',
    'error 1:22 The action "drop" does not exist. Write "action": "accept"; what no rule accepts is denied',
  ],
  ['{"groups": {"group:a": ["group:b"]}}', 'error 1:25 A group cannot be in a group. List its people here too'],
  [
    '{"groups": {"group:a": ["tag:b"]}}',
    'error 1:25 "tag:b" is no person; only people are in groups. Write e-mail addresses, and name the rest in the rule itself',
  ],
  ['{"groups": {"eng": []}}', 'error 1:13 "eng" is no name of a group. Write group:NAME with letters, digits, - _ .'],
  [
    '{"tagOwners": {"tag:1a": []}}',
    'error 1:16 "tag:1a" is no name of a tag. Write tag:NAME with letters, digits, - _ ., beginning with a letter',
  ],
  [
    '{"hosts": {"a": "b"}}',
    'error 1:17 An alias stands for an address or a range. Write it like 10.77.0.5 or 10.77.0.0/24',
  ],
  ['{"alcs": []}', 'error 1:2 A policy has no field "alcs". Did you mean acls?'],
  [
    '{"defaultSrcPosture": []}',
    'error 1:2 "defaultSrcPosture" does not apply here: the state of a device is not looked at here, so every rule would be wider than it was meant. Remove it when the wider rules are what you want',
  ],
  [
    '{"tests": [{"src": "a@b.example", "accept": ["tag:db:80-90"]}]}',
    'error 1:46 A test asks for one port. Write one line for each port',
  ],
  [
    '{"tests": [{"src": "a@b.example"}]}',
    'error 1:12 The test asks for nothing. Write "accept": [ … ] or "deny": [ … ]',
  ],
  [
    '{"acls": [], "ACLs": []}',
    'error 1:14 "ACLs" stands here a second time as "acls". Keep one of them, with the values of both',
  ],
  ['[]', 'error 1:1 A policy is a list; it has to be an object in { }. Write an object in { }'],
])('%s is refused at its place', (text, sentence) => expect(said(text)).toEqual([sentence]))

test('a file exported from Tailscale works, and says what does not apply', () => {
  const { policy, findings } = readPolicy(`// Example of Tailscale's console
{
  "groups": { "group:dev": ["alice@example.com", "bob@example.com"] },
  "tagOwners": { "tag:server": ["autogroup:admin", "group:dev"] },
  "hosts": { "legacy": "100.100.100.100" },
  "ACLs": [
    { "Action": "accept", "Users": ["group:dev"], "Ports": ["tag:server:22,80"] },
    { "action": "accept", "src": ["autogroup:member"], "dst": ["autogroup:internet:*", "autogroup:self:*"] },
  ],
  "grants": [
    { "src": ["group:dev"], "dst": ["tag:server"], "ip": ["tcp:8080-8090", "icmp:*"], "app": { "tailscale.com/cap": [] } },
  ],
  "ssh": [{ "action": "check", "src": ["autogroup:member"], "dst": ["autogroup:self"], "users": ["root"] }],
  "nodeAttrs": [{ "target": ["*"], "attr": ["funnel"] }],
  "autoApprovers": { "routes": {} },
  "derpMap": null,
  "randomizeClientPort": false,
  "tests": [{ "src": "alice@example.com", "srcPostureAttrs": {}, "accept": ["tag:server:22"] }],
}`)
  expect(policy?.rules.map(({ number }) => number)).toEqual([1, 2, 3])
  expect(policy?.rules[2]?.destinations[0]?.services).toEqual([
    { protocol: 1, ports: null },
    { protocol: 6, ports: [{ first: 8080, last: 8090 }] },
    { protocol: 58, ports: null },
  ])
  expect(
    findings.map(
      ({ severity, line, message }) => `${severity} ${line} ${message.replace(/ does not apply here.*/, '')}`,
    ),
  ).toEqual(
    [
      'warning 8 "autogroup:internet:*"',
      'warning 11 "app"',
      'warning 13 "ssh"',
      'warning 14 "nodeAttrs"',
      'warning 15 "autoApprovers"',
      'warning 16 "derpMap"',
      'warning 17 "randomizeClientPort"',
      'warning 18 "srcPostureAttrs"',
    ].map((line) => line.replace('autogroup:internet:*', 'autogroup:internet')),
  )
})

test('a grant that chooses the way is refused, since without it more would pass', () => {
  expect(said('{"grants": [{"src": ["*"], "dst": ["*"], "ip": ["*"], "via": ["tag:exit"]}]}')).toEqual([
    'error 1:55 "via" does not apply here: a policy cannot say which node carries, and without it the rule lets more through. Remove it when the wider rule is what you want',
  ])
})

test('however a policy is mangled, reading, looking up and mending it never throw, and places lie inside of the text', {
  timeout: 60_000,
}, () => {
  const random = randomOf(13)
  const pieces = [
    '"',
    ',',
    '{',
    '}',
    '[',
    ']',
    ':',
    '*',
    '-',
    '/',
    '@',
    'autogroup:',
    'tag:',
    'null',
    '1',
    '\n',
    '//',
    '🦊',
    '"ip": ["*"],',
    'acls',
    '::',
  ]
  let read = 0
  for (let i = 0; i < 4000; i++) {
    let text = SAMPLE_POLICY
    for (let change = random.below(3); change >= 0; change--) {
      const at = random.below(text.length)
      text =
        text.slice(0, at) + (random.chance(70) ? random.one(pieces) : '') + text.slice(at + random.one([0, 0, 1, 1, 5]))
    }
    const { policy, findings } = readPolicy(text)
    if (policy) read++
    for (const { from, to, line, column } of [...findings, ...(policy ? checkNames(policy, sampleWorld) : [])]) {
      const length = text.split('\n')[line - 1]?.length ?? -1
      if (from < 0 || from > to || to > text.length || column < 1 || column > length + 1)
        expect.fail(`${line}:${column} ${from}-${to}\n${text}`)
    }
    // What could be read before can be read with one more rule.
    const more = addRules(text, 'more', ['{"action": "accept", "src": ["*"], "dst": ["*:1"]}'])
    if (policy && readPolicy(more).policy?.rules.length !== policy.rules.length + 1) expect.fail(`${text}\n\n${more}`)
  }
  expect(read).toBeGreaterThan(200)
})
