import { err, ok, type Result } from '../result.ts'
import { readPorts } from './read-ports.ts'
import type { Refused } from './read-protocol.ts'
import type { PortRange } from './service.ts'

export type SplitDestination = { readonly whom: string; readonly ports: readonly PortRange[] | null }

/** `tag:db:5432`, `*:*`, `[fd00::1]:80,443`: whom, and behind the last colon the ports. */
export function splitDestination(text: string): Result<SplitDestination, Refused> {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text)
  if (bracketed) return withPorts(bracketed[1] ?? '', bracketed[2], text)
  const colon = text.lastIndexOf(':')
  const before = text.slice(0, Math.max(0, colon))
  const after = colon < 0 ? undefined : text.slice(colon + 1)
  if (colon >= 0 && before.includes(':') && /^[0-9a-fA-F:./-]+$/.test(before))
    return err({
      message: `"${shown(text)}": where the IPv6 address ends and the port begins cannot be told.`,
      fix: `Write the address in brackets: [${before}]:${after === '' ? '*' : after}`,
    })
  // `tag:db` and `node:80`: the colon is the one of the name.
  if (colon >= 0 && /^(group|tag|node|site|cluster|servers|pods|autogroup|ipset|svc)$/.test(before))
    return withPorts(text, undefined, text)
  return withPorts(colon < 0 ? text : before, after, text)
}

function withPorts(whom: string, ports: string | undefined, text: string): Result<SplitDestination, Refused> {
  if (ports === undefined || ports === '')
    return err({
      message: `"${shown(text)}" has no ports.`,
      fix: `Write ${shown(text.replace(/:$/, ''))}:443, or ${shown(text.replace(/:$/, ''))}:* for all`,
    })
  const read = readPorts(ports)
  return read.ok ? ok({ whom, ports: read.value }) : err(read.error)
}

const shown = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text)
