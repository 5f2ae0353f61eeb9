/**
 * The line that is pasted. It runs as root on somebody's machine, so everything in it matches a grammar in which no character
 * means anything to a shell; what does not is refused, not quoted.
 */
import { parseAddress } from '../ip/address.ts'
import { isPrivate } from '../ip/is-private.ts'
import { err, type Fault, ok, type Result } from '../result.ts'

export type JoinLineInput = {
  /** The server's address as nodes use it: scheme, host, port, and the path it is mounted at, without a slash at the end. */
  readonly url: string
  readonly token: string
  /** `sha256//…` of the key of a self-signed server. */
  readonly pin?: string | undefined
  readonly installPackages: boolean
  readonly fixFirewall: boolean
  /** Only the checks: changes nothing, uses no token up. */
  readonly check: boolean
}

export type JoinLine = { readonly line: string; readonly warning: string | null }

export type JoinLineFault = Fault<'bad-url' | 'bad-token' | 'bad-pin' | 'public-http'>

const SERVER =
  /^(https?):\/\/(\[[0-9a-f:]{2,45}\]|[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)(:[1-9][0-9]{0,4})?((?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*)$/
const TOKEN = /^swj_[A-Za-z0-9_-]{43}$/
const PIN = /^sha256\/\/[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/

export function joinLine(input: JoinLineInput): Result<JoinLine, JoinLineFault> {
  const [, scheme, host = '', port] = SERVER.exec(input.url) ?? []
  if (!scheme || !isHost(host) || Number(port?.slice(1) ?? 1) > 65535) {
    return err({
      kind: 'bad-url',
      message:
        "the server's address must read like https://spanwire.example.org or https://203.0.113.7:3000; set SPANWIRE_URL",
    })
  }
  if (!TOKEN.test(input.token)) return err({ kind: 'bad-token', message: 'this is not a join token; make a fresh one' })
  if (input.pin !== undefined && (scheme === 'http' || !PIN.test(input.pin))) {
    return err({ kind: 'bad-pin', message: 'a pin is sha256// and 44 characters, and goes with https only' })
  }
  if (scheme === 'http' && !isLocal(host)) {
    return err({
      kind: 'public-http',
      message: `${host} may be reached over the Internet, where anyone in between could change this script. Use https: SPANWIRE_TLS=self-signed makes a key at the next start, or put a proxy with a certificate in front`,
    })
  }
  const warning =
    scheme === 'http'
      ? 'Plain HTTP: anyone on the way between that machine and this server can read the token and change the script. Use it on this machine or in a network that you trust.'
      : null
  return ok({ line: render(input, scheme), warning })
}

function render({ url, token, pin, installPackages, fixFirewall, check }: JoinLineInput, scheme: string): string {
  // The pin alone fails on the chain of a self-signed certificate, and -k alone would trust anyone: they go together.
  const trust = pin === undefined ? [] : ['-k', '--pinnedpubkey', `'${pin}'`]
  // zsh takes the brackets of an IPv6 address for a pattern.
  const address = url.includes('[') ? `'${url}/join'` : `${url}/join`
  const flags = [installPackages && '--install-packages', fixFirewall && '--fix', check && '--check'].filter(Boolean)
  const fetch = ['curl', '-fsS', '--proto', `'=${scheme}'`, ...trust, address].join(' ')
  return `${fetch} | ${['sudo', 'sh', '-s', '--', '--token', token, ...flags].join(' ')}`
}

function isHost(host: string): boolean {
  if (host.startsWith('[')) return parseAddress(host.slice(1, -1)).ok
  if (/^[0-9.]+$/.test(host)) return parseAddress(host).ok
  return host.split('.').every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label))
}

/** Loopback or private by its number. A name could lead anywhere tomorrow, except the one that RFC 6761 keeps for loopback. */
function isLocal(host: string): boolean {
  if (host === 'localhost') return true
  const address = parseAddress(host.replace(/^\[|\]$/g, ''))
  return address.ok && isPrivate(address.value)
}
