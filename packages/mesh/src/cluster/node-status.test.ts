import { expect, test } from 'vitest'
import golden from './golden/nodes.txt?raw'
import { NODE_STATUS_TEMPLATE, parseNodeStatus } from './node-status.ts'

test('the golden nodes are read', () => {
  expect(parseNodeStatus(golden)).toEqual({
    ok: true,
    value: [
      {
        name: 'home-1',
        ready: 'Unknown',
        reason: 'NodeStatusUnknown',
        since: Date.UTC(2026, 10, 21, 14, 1, 40),
        heartbeatAt: Date.UTC(2026, 10, 21, 14, 0, 52),
        leaseAt: Date.UTC(2026, 10, 21, 14, 1, 0),
        internalIps: ['10.77.0.2', 'fd12:3456:789a::2'],
        podRanges: ['10.42.1.0/24', 'fd00:42:0:1::/64'],
        version: 'v1.36.2+k3s1',
        isControlPlane: false,
        isUnschedulable: false,
      },
      expect.objectContaining({
        name: 'server-1',
        ready: 'True',
        leaseAt: Date.UTC(2026, 10, 21, 14, 4, 59),
        isControlPlane: true,
        internalIps: ['10.77.0.1'],
      }),
      expect.objectContaining({
        name: 'fresh',
        ready: null,
        reason: null,
        since: null,
        leaseAt: null,
        podRanges: [],
        isUnschedulable: true,
      }),
    ],
  })
})

test('no nodes are no fault', () => expect(parseNodeStatus('')).toEqual({ ok: true, value: [] }))

test.each([
  { it: 'a fact before any node', text: 'ready True', line: 1 },
  {
    it: 'a node twice, as a line in a message would make it',
    text: 'node a\nready False\nnode a\nready True',
    line: 3,
  },
  { it: 'a name that is none', text: 'node A b', line: 1 },
  { it: 'a Ready that is none', text: 'node a\nready Yes', line: 2 },
  { it: 'an address that is none', text: 'node a\ninternal-ip 1.2.3', line: 2 },
  { it: 'a range with host bits', text: 'node a\npod-cidr 10.42.1.1/24', line: 2 },
  { it: 'a line that is no fact', text: 'node a\n  evil', line: 2 },
])('$it is malformed, with its line', ({ text, line }) =>
  expect(parseNodeStatus(text)).toMatchObject({
    ok: false,
    error: { message: expect.stringContaining(`line ${line} `) },
  }),
)

test('a reason is shown without what could hurt, and times that Kubernetes does not know are not', () =>
  expect(
    parseNodeStatus('node a\nreason "\u202eevil\\nnode b"\nsince <no value>\nheartbeat <nil>\ncolour red'),
  ).toMatchObject({ ok: true, value: [{ reason: '\u{fffd}evil\\nnode b', since: null, heartbeatAt: null }] }))

test('the template can stand in single quotes of a shell and quotes what a kubelet writes freely', () => {
  expect(NODE_STATUS_TEMPLATE).not.toContain("'")
  expect(NODE_STATUS_TEMPLATE).not.toContain('\n')
  expect(NODE_STATUS_TEMPLATE).toContain('{{printf "%q" .reason}}')
  expect(NODE_STATUS_TEMPLATE).not.toContain('.message')
})
