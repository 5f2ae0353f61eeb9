import { expect, test } from 'vitest'
import { parseAddress } from '../ip/address.ts'
import { goldenPaths } from '../protocol/golden-paths.ts'
import { whoHas } from './who-has.ts'

const find = whoHas(goldenPaths)

test.each([
  ['10.77.0.4', 'home-1'],
  ['fd12:3456:789a::5', 'home-2'],
  ['10.42.4.200', 'home-1'],
  ['fd00:42:0:6::1234', 'office-1'],
  ['192.168.50.77', 'office-1'],
  ['10.77.0.99', undefined],
  ['10.42.9.1', undefined],
  ['192.168.1.20', undefined],
  ['8.8.8.8', undefined],
  ['fd12:3456:789a:ff00::4', undefined],
])('%s is of %s', (text, name) => {
  const address = parseAddress(text)
  if (!address.ok) throw new Error(text)
  expect(goldenPaths.nodes.get(find(address.value) ?? '')?.name).toBe(name)
})
