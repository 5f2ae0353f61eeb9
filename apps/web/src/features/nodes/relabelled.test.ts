import { expect, test } from 'vitest'
import type { Labels } from '~/ui/parse-labels.ts'
import { relabelled } from './relabelled.ts'

type Case = { it: string; put: Labels; taken: string[]; want: Labels }

test.each<Case>([
  { it: 'keeps what nobody spoke of', put: { disk: 'ssd' }, taken: [], want: { zone: 'eu', rack: '2', disk: 'ssd' } },
  { it: 'gives a key its new value', put: { zone: 'us' }, taken: [], want: { zone: 'us', rack: '2' } },
  { it: 'takes a key off', put: {}, taken: ['zone'], want: { rack: '2' } },
  { it: 'puts on again what is also taken off', put: { zone: 'us' }, taken: ['zone'], want: { rack: '2', zone: 'us' } },
])('relabelling $it', ({ put, taken, want }) => expect(relabelled({ zone: 'eu', rack: '2' }, put, taken)).toEqual(want))
