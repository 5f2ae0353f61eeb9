import { err, ok, type Result } from '../result.ts'
import { didYouMean } from './nearest.ts'
import { PROTOCOLS } from './protocol-names.ts'

export type Refused = { readonly message: string; readonly fix: string }

/** A protocol by its name or its number in decimal, 0 to 255. */
export function readProtocol(text: string): Result<readonly number[], Refused> {
  const name = text.toLowerCase()
  const known = Object.hasOwn(PROTOCOLS, name) ? PROTOCOLS[name] : undefined
  if (known) return ok(known)
  if (/^[0-9]+$/.test(text)) {
    if (text.length > 1 && text.startsWith('0'))
      return err({ message: `"${text}" has a leading zero.`, fix: `Write ${Number(text)}` })
    if (text.length > 3 || Number(text) > 255)
      return err({
        message: `There is no protocol ${text.slice(0, 20)}.`,
        fix: 'Numbers of protocols go from 0 to 255',
      })
    return ok([Number(text)])
  }
  return err({
    message: `"${text.slice(0, 40)}" is no protocol.`,
    fix: didYouMean(name, Object.keys(PROTOCOLS), 'Write tcp, udp, icmp, sctp or the number of another'),
  })
}
