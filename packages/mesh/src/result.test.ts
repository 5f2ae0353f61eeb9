import { expect, test } from 'vitest'
import { err, ok, type Result } from './result.ts'

const half = (n: number): Result<number, string> => (n % 2 === 0 ? ok(n / 2) : err(`${n} is odd`))

test('a result is told apart by ok, and carries a value or an error, never both', () => {
  expect(half(4)).toEqual({ ok: true, value: 2 })
  expect(half(3)).toEqual({ ok: false, error: '3 is odd' })
})
