import { expect, test } from 'vitest'
import { type NatSight, natKind } from './nat-kind.ts'

const sight: NatSight = { ownAddresses: ['192.168.1.23'], listenPort: 41641, seenAt: [] }

test.each<{ it: string; over: Partial<NatSight>; want: string }>([
  { it: 'nobody has seen is not known', over: {}, want: 'unknown' },
  {
    it: 'is seen at its own address has none',
    over: { ownAddresses: ['203.0.113.9'], seenAt: ['203.0.113.9:5'] },
    want: 'none',
  },
  { it: 'keeps its port has an easy one', over: { seenAt: ['198.51.100.2:41641'] }, want: 'easy' },
  { it: 'one gateway sees at another port is not known', over: { seenAt: ['198.51.100.2:6000'] }, want: 'unknown' },
  {
    it: 'two gateways see at two ports has a hard one',
    over: { seenAt: ['198.51.100.2:6000', '198.51.100.2:6001'] },
    want: 'hard',
  },
  { it: 'is seen at no endpoint is not known', over: { seenAt: ['(none)'] }, want: 'unknown' },
  {
    it: 'is seen in IPv6 has none',
    over: { ownAddresses: ['2001:db8::7'], seenAt: ['[2001:db8::7]:9'] },
    want: 'none',
  },
])('a machine that $it', ({ over, want }) => expect(natKind({ ...sight, ...over })).toBe(want))
