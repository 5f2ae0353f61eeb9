import { expect, test } from 'vitest'
import { countFailedTokens } from './failed-tokens.ts'

const guess = (address: string, times: number, failed: ReturnType<typeof countFailedTokens>) => {
  for (let n = 0; n < times; n++) failed.count(address)
}

test('an address with a hundred wrong tokens waits until its minute is over', () => {
  let now = 0
  const failed = countFailedTokens(() => now)
  guess('192.0.2.1', 99, failed)
  expect(failed.waitSeconds('192.0.2.1')).toBe(0)
  guess('192.0.2.1', 1, failed)
  now = 20_000
  expect(failed.waitSeconds('192.0.2.1')).toBe(40)
  expect(failed.waitSeconds('192.0.2.2')).toBe(0)
  now = 60_000
  expect(failed.waitSeconds('192.0.2.1')).toBe(0)
  guess('192.0.2.1', 1, failed)
  expect(failed.waitSeconds('192.0.2.1')).toBe(0)
})

test('the addresses of one /64 count as one', () => {
  const failed = countFailedTokens(() => 0)
  guess('2001:db8:1:2::5', 50, failed)
  guess('2001:db8:1:2:aaaa:bbbb:cccc:dddd', 50, failed)
  expect(failed.waitSeconds('2001:db8:1:2::9')).toBeGreaterThan(0)
  expect(failed.waitSeconds('2001:db8:1:3::9')).toBe(0)
  guess('2001:db8::1', 100, failed)
  expect(failed.waitSeconds('2001:db8:0:0:7::')).toBeGreaterThan(0)
})

test('a flood of addresses does not grow without end', () => {
  const failed = countFailedTokens(() => 0)
  guess('192.0.2.1', 100, failed)
  for (let n = 0; n < 10_000; n++) failed.count(`10.0.${n >> 8}.${n & 255}`)
  expect(failed.waitSeconds('192.0.2.1')).toBe(0)
})
