import { expect, test } from 'vitest'
import { type Pending, pendingChanges } from './pending-changes.ts'

const gateway = { interfaceName: 'span0', peerId: 'g', peer: 'gw-1' }
const direct = (name: string) => ({ interfaceName: 'span0d', peerId: name, peer: name })
const idle: Pending = {
  planned: [gateway],
  reported: [gateway],
  changed: new Set(),
  nodeId: 'self',
  others: [],
  policy: null,
}

test.each([
  { it: 'nothing while plan and report agree', given: {}, want: [] },
  { it: 'a new peer', given: { planned: [gateway, direct('home-3')] }, want: ['a new peer home-3'] },
  {
    it: 'many by three of their names',
    given: { planned: ['a', 'b', 'c', 'd', 'e'].map(direct), reported: [] },
    want: ['new peers a, b, c and 2 more'],
  },
  {
    it: 'a peer that goes',
    given: { reported: [gateway, direct('home-3')] },
    want: ['the end of the tunnel to home-3'],
  },
  {
    it: 'a peer that changed, and itself',
    given: { changed: new Set(['g', 'self', 'stranger']) },
    want: ['its own settings: name, role, gateways, addresses or LANs behind it', 'changed settings of gw-1'],
  },
  {
    it: 'a tunnel that moved to another gateway as one that comes and one that goes',
    given: { planned: [{ ...gateway, peerId: 'h', peer: 'gw-2' }] },
    want: ['a new peer gw-2', 'the end of the tunnel to gw-1'],
  },
  {
    it: 'where others are, of a gateway',
    given: {
      others: [
        { id: 'x', name: 'home-9' },
        { id: 'y', name: 'home-8' },
      ],
      changed: new Set(['x']),
    },
    want: ['the way to home-9'],
  },
  { it: 'rules', given: { policy: { wanted: 5, has: 4 } }, want: ['rules of version 5 of the access policy'] },
  { it: 'no rules that it has', given: { policy: { wanted: 5, has: 5 } }, want: [] },
  { it: 'rules that end', given: { policy: { wanted: 0, has: 5 } }, want: ['the end of the access policy'] },
])('what waits is $it', ({ given, want }) => expect(pendingChanges({ ...idle, ...given })).toEqual(want))
