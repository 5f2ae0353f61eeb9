import { err, type Fault, ok, type Result } from '../result.ts'
import { lastOf, overlaps, type Prefix } from './prefix.ts'

/** Ranges that a machine which joins later probably has already. */
const COMMON: readonly Prefix[] = [
  { family: 4, base: 0x0a00_0000n, length: 15 }, // 10.0/16, 10.1/16: cloud networks, home routers
  { family: 4, base: 0x0a04_0000n, length: 16 }, // 10.4/16: Kilo
  { family: 4, base: 0x0a08_0000n, length: 16 }, // 10.8/16: OpenVPN
  { family: 4, base: 0x0a2a_0000n, length: 15 }, // 10.42/16 pods and 10.43/16 services of k3s
  { family: 4, base: 0x0a58_0000n, length: 16 }, // 10.88/16: podman
  { family: 4, base: 0x0a60_0000n, length: 12 }, // 10.96/12: services of kubeadm
  { family: 4, base: 0x0a80_0000n, length: 9 }, // 10.128/9: Google Cloud's automatic networks; 10.244/16 pods of kubeadm
  { family: 4, base: 0xac10_0000n, length: 12 }, // 172.16/12: Docker takes 172.17 to 172.31, AWS 172.31
  { family: 4, base: 0xc0a8_0000n, length: 16 }, // 192.168/16: homes
  { family: 4, base: 0x6440_0000n, length: 10 }, // 100.64/10: carriers, Tailscale
]

const POOL: Prefix = { family: 4, base: 0x0a00_0000n, length: 8 }
const FIRST_CHOICE = 0x0a4d_0000n // 10.77.0.0

/**
 * A range for an overlay that meets nothing in `taken` (what the server and its nodes use) and nothing that machines commonly
 * use. Walks 10/8 upwards from 10.77.0.0 and round: the same input gives the same proposal.
 */
export function proposePrefix(
  taken: readonly Prefix[],
  wantedLength: number,
): Result<Prefix, Fault<'no-room' | 'bad-length'>> {
  if (!Number.isInteger(wantedLength) || wantedLength < 10 || wantedLength > 29) {
    return err({ kind: 'bad-length', message: 'an overlay range has a length from /10 to /29' })
  }
  const size = 1n << BigInt(32 - wantedLength)
  const first = (FIRST_CHOICE / size) * size
  for (const [from, to] of [
    [first, lastOf(POOL)],
    [POOL.base, first - 1n],
  ] as const) {
    for (let base = from; base + size - 1n <= to; ) {
      const candidate: Prefix = { family: 4, base, length: wantedLength }
      const blocker = [...COMMON, ...taken].find((range) => overlaps(range, candidate))
      if (!blocker) return ok(candidate)
      // Past the blocker, to the next multiple of the size: a /8 of small ranges is millions of steps otherwise.
      base = ((lastOf(blocker) + size) / size) * size
    }
  }
  return err({
    kind: 'no-room',
    message: `no /${wantedLength} in 10.0.0.0/8 is free of ranges already in use; try a smaller one`,
  })
}
