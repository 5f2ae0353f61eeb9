/** Ranges for a cluster's pods and services that meet nothing known: k3s' own where they are free, since people know them. */
import { formatPrefix, lastOf, overlaps, type Prefix } from '../ip/prefix.ts'
import { proposePrefix } from '../ip/propose-prefix.ts'
import { err, type Fault, ok, type Result } from '../result.ts'

export type ProposedRanges = {
  readonly podRange4: string
  readonly serviceRange4: string
  readonly podRange6: string
  readonly serviceRange6: string
}

const PODS4: Prefix = { family: 4, base: 0x0a2a_0000n, length: 16 } // 10.42.0.0/16
const SERVICES4: Prefix = { family: 4, base: 0x0a2b_0000n, length: 16 } // 10.43.0.0/16
/** fd00:42::/56 and fd00:43::/112, as the documentation of k3s writes them. */
const PODS6: Prefix = { family: 6, base: 0xfd00_0042n << 96n, length: 56 }
const SERVICES6: Prefix = { family: 6, base: 0xfd00_0043n << 96n, length: 112 }

export function proposeRanges(taken: readonly Prefix[]): Result<ProposedRanges, Fault<'no-room' | 'bad-length'>> {
  const pods4 = isFree(PODS4, taken) ? ok(PODS4) : proposePrefix(taken, 16)
  if (!pods4.ok) return err(pods4.error)
  const services4 = isFree(SERVICES4, [...taken, pods4.value])
    ? ok(SERVICES4)
    : proposePrefix([...taken, pods4.value], 16)
  if (!services4.ok) return err(services4.error)
  const pods6 = nextFree(PODS6, taken)
  return ok({
    podRange4: formatPrefix(pods4.value),
    serviceRange4: formatPrefix(services4.value),
    podRange6: formatPrefix(pods6),
    serviceRange6: formatPrefix(nextFree(SERVICES6, [...taken, pods6])),
  })
}

const isFree = (range: Prefix, taken: readonly Prefix[]): boolean => !taken.some((other) => overlaps(other, range))

/** The range itself or the first of its size behind what stands in its way. There are 2^56 /64 networks in fd00::/8: one is free. */
function nextFree(wanted: Prefix, taken: readonly Prefix[]): Prefix {
  const size = 1n << BigInt(128 - wanted.length)
  let range = wanted
  for (;;) {
    const blocker = taken.find((other) => overlaps(other, range))
    if (!blocker) return range
    range = { ...range, base: ((lastOf(blocker) + size) / size) * size }
  }
}
