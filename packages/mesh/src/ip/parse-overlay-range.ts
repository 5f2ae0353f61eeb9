/** The ranges of a network: where every address of its nodes comes from. */
import { err, type Fault, ok, type Result } from '../result.ts'
import { contains, formatPrefix, type Prefix, type PrefixFault, parsePrefix } from './prefix.ts'

export type OverlayFault = PrefixFault | Fault<'wrong-family' | 'bad-size' | 'not-private'>

/** Nobody on the public Internet is in them: an overlay elsewhere would hide real hosts from its nodes. */
const PRIVATE: readonly Prefix[] = [
  { family: 4, base: 0x0a00_0000n, length: 8 }, // RFC 1918
  { family: 4, base: 0xac10_0000n, length: 12 }, // RFC 1918
  { family: 4, base: 0xc0a8_0000n, length: 16 }, // RFC 1918
  { family: 4, base: 0x6440_0000n, length: 10 }, // RFC 6598
]

const UNIQUE_LOCAL: Prefix = { family: 6, base: 0xfdn << 120n, length: 8 } // RFC 4193 3.1, L = 1

/** A /29 has room for 6 machines, the least that is a network; a /8 for all that is private. */
const WIDEST = 8
const NARROWEST = 29

export function parseOverlayRange(text: string): Result<Prefix, OverlayFault> {
  const parsed = parsePrefix(text)
  if (!parsed.ok) return parsed
  const prefix = parsed.value
  if (prefix.family !== 4) {
    return err({ kind: 'wrong-family', message: `${text} is an IPv6 range; write an IPv4 one, like 10.77.0.0/16` })
  }
  if (prefix.length < WIDEST || prefix.length > NARROWEST) {
    const why = prefix.length < WIDEST ? 'wider than any private range' : 'too narrow for a network'
    return err({ kind: 'bad-size', message: `/${prefix.length} is ${why}; choose from /${WIDEST} to /${NARROWEST}` })
  }
  if (!PRIVATE.some((range) => contains(range, prefix))) {
    return err({
      kind: 'not-private',
      message: `${text} is not private; choose a range inside ${PRIVATE.map(formatPrefix).join(', ')}`,
    })
  }
  return ok(prefix)
}

/** The IPv6 range beside it. Always a /48: the address plan counts on its 65,536 subnets. */
export function parseUla(text: string): Result<Prefix, OverlayFault> {
  const parsed = parsePrefix(text)
  if (!parsed.ok) return parsed
  const prefix = parsed.value
  if (prefix.family !== 6) {
    return err({
      kind: 'wrong-family',
      message: `${text} is an IPv4 range; write an IPv6 one, like fd12:3456:789a::/48`,
    })
  }
  if (!contains(UNIQUE_LOCAL, prefix)) {
    return err({ kind: 'not-private', message: `${text} is not unique local; choose a /48 inside fd00::/8 (RFC 4193)` })
  }
  if (prefix.length !== 48) {
    return err({ kind: 'bad-size', message: `the IPv6 range of a network is a /48; this is a /${prefix.length}` })
  }
  return ok(prefix)
}
