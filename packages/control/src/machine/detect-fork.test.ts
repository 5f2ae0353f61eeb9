import { expect, test } from 'vitest'
import { detectFork, type Fork, type Instances } from './detect-fork.ts'

/** `A1:100` is start 1 of boot A with an uptime of 100 s; each comes 10 s after the one before. */
function play(line: string): Fork | null {
  let instances: Instances = []
  let found: Fork | null = null
  line.split(' ').forEach((word, i) => {
    const [instance = '', uptime] = word.split(':')
    const sighting = {
      instance: instance.replace(/^(\D+)/, '$1.'),
      uptimeSeconds: Number(uptime ?? 0),
      atMs: i * 10_000,
    }
    const seen = detectFork(instances, sighting)
    instances = seen.instances
    found ??= seen.fork
  })
  return found
}

test.each([
  { it: 'one machine', line: 'A1:100 A1:110 A1:120' },
  { it: 'a restart of the script', line: 'A1:100 A2:110 A2:120 A3:130' },
  { it: 'a reboot', line: 'A1:100 A1:110 B1:5 B1:15' },
  { it: 'a disk restored from a snapshot', line: 'A1:100 B1:5 C1:5 C1:15' },
  {
    it: 'a memory snapshot restored: its uptime stood still meanwhile',
    line: 'A1:100 A1:110 B1:5 B1:15 A1:111 A1:121',
  },
  { it: 'a late request of the start before', line: 'A1:100 A2:110 A1:100 A2:130 A2:140' },
])('$it is no fork', ({ line }) => expect(play(line)).toBe(null))

test.each([
  { it: 'the original still runs after a copy came', line: 'A1:100 B1:5 A1:120' },
  { it: 'two boots take turns, whatever their uptimes say', line: 'A1:0 B1:0 A1:0 B1:0' },
  { it: 'the copy was started from a memory snapshot', line: 'A1:100 A2:50 A1:120 A2:70 A1:140 A2:90' },
])('$it: a fork', ({ line }) => expect(play(line)).not.toBe(null))

test('the one seen first is kept, the second is held off', () =>
  expect(play('A1:100 A1:110 B1:5 A1:130')).toEqual({ kept: 'A.1', heldOff: 'B.1' }))

test('taking turns ten minutes apart is not taking turns', () => {
  const at = (instance: string, minutes: number) => ({ instance, uptimeSeconds: 0, atMs: minutes * 60_000 })
  let instances: Instances = []
  for (const sighting of [at('A.1', 0), at('B.1', 11), at('A.1', 22), at('B.1', 33)]) {
    const seen = detectFork(instances, sighting)
    expect(seen.fork).toBe(null)
    instances = seen.instances
  }
})
