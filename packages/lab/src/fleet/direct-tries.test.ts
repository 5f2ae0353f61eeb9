import { expect, test } from 'vitest'
import { directTries } from './direct-tries.ts'

const at = (time: string) => Date.parse(`2026-11-20T${time}Z`) / 1000
const told = (since: string, now: string, endpoints = 2) => {
  const tries = directTries(at(since), endpoints, at(now))
  return tries && [tries.last, tries.next].map((s) => s && new Date(s * 1000).toISOString().slice(11, 19))
}

test('what nobody can call is not tried', () => expect(told('10:00:10', '10:00:20', 0)).toBeNull())

test.each([
  { it: 'at once', now: '10:00:20', want: ['10:00:10', null] },
  { it: 'for a minute', now: '10:01:10', want: ['10:00:10', '10:02:00'] },
  { it: 'in the next even minute', now: '10:02:30', want: ['10:02:00', null] },
  { it: 'four minutes apart', now: '10:05:00', want: ['10:04:00', '10:08:00'] },
  { it: 'ever less', now: '10:20:00', want: ['10:08:00', '10:24:00'] },
])('a path dead since 10:00:10 is tried $it', ({ now, want }) => expect(told('10:00:10', now)).toEqual(want))

test('in the end every 64 minutes, counted from the epoch, so that both ends come to it', () => {
  const tries = directTries(at('00:00:10'), 2, at('23:59:00'))
  expect(tries?.next && tries.next - tries.last).toBe(64 * 60)
  expect(tries && tries.last % (64 * 60)).toBe(0)
  expect(tries?.next && tries.last <= at('23:59:00') && tries.next > at('23:59:00')).toBe(true)
})
