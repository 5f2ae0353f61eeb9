import { expect, test } from 'vitest'
import { parseArguments } from './arguments.ts'

const known = ['propagation-1000', 'held-memory']

test('everything runs when nothing is named', () => {
  expect(parseArguments([], known)).toEqual({ names: known, json: false })
})

test.each([
  { args: ['held-memory', '--json'] },
  { args: ['--json', 'held-memory'] },
  { args: ['held-memory', '--json', 'held-memory'] },
])('$args runs one, once, for a program', ({ args }) => {
  expect(parseArguments(args, known)).toEqual({ names: ['held-memory'], json: true })
})

test('a name that is none is refused, and the names are listed', () => {
  expect(() => parseArguments(['held-memory', 'helt-memory'], known)).toThrow(
    'There is no benchmark helt-memory. The benchmarks are: propagation-1000 held-memory',
  )
})
