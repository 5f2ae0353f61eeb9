import { expect, test } from 'vitest'
import { formatAddress } from './address.ts'
import { gatewayProbeSlot, nodeV4, nodeV6, overlayV6, PROBE_SLOT, probeAddress } from './address-plan.ts'
import { contains, formatPrefix, overlaps, type Prefix } from './prefix.ts'

const overlay: Prefix = { family: 4, base: 0x0a4d_0000n, length: 16 }
const ula: Prefix = { family: 6, base: 0xfd12_3456_789an << 80n, length: 48 }

test.each([
  { it: 'the first node', ordinal: 1, v4: '10.77.0.1', v6: 'fd12:3456:789a::1' },
  { it: 'node 258', ordinal: 258, v4: '10.77.1.2', v6: 'fd12:3456:789a::102' },
])('$it has the addresses of its ordinal', ({ ordinal, v4, v6 }) => {
  expect(formatAddress(nodeV4(overlay, ordinal))).toBe(v4)
  expect(formatAddress(nodeV6(ula, ordinal))).toBe(v6)
})

test.each([
  { slot: PROBE_SLOT.primary, want: 'fd12:3456:789a:ff00::7' },
  { slot: PROBE_SLOT.secondary, want: 'fd12:3456:789a:ff01::7' },
  { slot: PROBE_SLOT.direct, want: 'fd12:3456:789a:ff02::7' },
  { slot: gatewayProbeSlot(0), want: 'fd12:3456:789a:ff10::7' },
  { slot: gatewayProbeSlot(239), want: 'fd12:3456:789a:ffff::7' },
])('slot $slot of node 7 is probed at $want', ({ slot, want }) => {
  expect(formatAddress(probeAddress(ula, slot, 7))).toBe(want)
})

test('probe addresses lie in the ULA and outside the overlay, so that a route for one never catches the other', () => {
  expect(formatPrefix(overlayV6(ula))).toBe('fd12:3456:789a::/64')
  const probe = probeAddress(ula, 0, 1)
  expect(contains(ula, probe)).toBe(true)
  expect(overlaps(overlayV6(ula), { family: 6, base: probe.value, length: 128 })).toBe(false)
})

test('an ordinal or slot that nobody can have given is a bug, not an address', () => {
  expect(() => nodeV4(overlay, 0)).toThrow('no number 0')
  expect(() => nodeV4(overlay, 65535)).toThrow('no number 65535')
  expect(() => nodeV4(ula, 1)).toThrow('IPv4')
  expect(() => nodeV6({ ...ula, length: 64 }, 1)).toThrow('/48')
  expect(() => probeAddress(ula, 256, 1)).toThrow('probe slot')
  expect(() => gatewayProbeSlot(240)).toThrow('no probe slot')
})
