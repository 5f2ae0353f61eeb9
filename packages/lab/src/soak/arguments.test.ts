import { expect, test } from 'vitest'
import { parseArguments } from './arguments.ts'

test('a run has the seed and the minutes that were asked for, or a seed of its own and ten minutes', () => {
  expect(parseArguments(['--seed', '7', '--minutes', '0.5'], 99)).toEqual({ seed: 7, minutes: 0.5 })
  expect(parseArguments([], 99)).toEqual({ seed: 99, minutes: 10 })
})

test.each([[['--seed', '-1']], [['--seed', 'x']], [['--minutes', '0']], [['--minutes', 'x']], [['--years', '1']]])(
  '%s is refused with a word about it',
  (args) => expect(() => parseArguments(args, 1)).toThrow(/whole number|above 0|unknown option/),
)
