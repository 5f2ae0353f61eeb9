import { expect, test } from 'vitest'
import { type Placement, placementOf, placementWords } from './placement.ts'

const place = (labels: Record<string, string> = {}, taints: string[] = []): Placement => ({ labels, taints })

test.each<{ it: string; given: Placement; wanted: Placement; words: string[] }>([
  {
    it: 'nothing when nothing differs',
    given: place({ a: '1' }, ['x:NoExecute']),
    wanted: place({ a: '1' }, ['x:NoExecute']),
    words: [],
  },
  {
    it: 'only what differs',
    given: place({ a: '1', b: '2' }),
    wanted: place({ a: '1', b: '3', c: '' }),
    words: ['b=3', 'c='],
  },
  {
    it: 'what we gave and want no more, by its key',
    given: place({ a: '1' }, ['x=y:NoSchedule']),
    wanted: place(),
    words: ['a-', 'x:NoSchedule-'],
  },
  {
    it: 'another value of a taint over the old one',
    given: place({}, ['x=1:NoSchedule']),
    wanted: place({}, ['x=2:NoSchedule']),
    words: ['x=2:NoSchedule'],
  },
  {
    it: 'another effect of a key beside the old one, which goes',
    given: place({}, ['x:NoSchedule']),
    wanted: place({}, ['x:NoExecute']),
    words: ['x:NoExecute', 'x:NoSchedule-'],
  },
  {
    it: 'all of it for a node whose labels nobody knows',
    given: place(),
    wanted: place({ 'example.org/disk': 'ssd' }, ['x:NoExecute']),
    words: ['example.org/disk=ssd', 'x:NoExecute'],
  },
])('a server is told $it', ({ given, wanted, words }) => expect(placementWords(given, wanted)).toEqual(words))

test('zone and region of the site are labels like the others', () =>
  expect(
    placementOf({ labels: { disk: 'ssd' }, taints: ['b:NoExecute', 'a:NoExecute'], zone: 'berlin', region: 'eu' }),
  ).toEqual({
    labels: { disk: 'ssd', 'topology.kubernetes.io/zone': 'berlin', 'topology.kubernetes.io/region': 'eu' },
    taints: ['a:NoExecute', 'b:NoExecute'],
  }))
