import { invariant } from '@spanwire/mesh/invariant'

// `/bin/sh` reads these two lines; inside of single quotes nothing is special but the quote itself.
const SAFE_URL = /^https?:\/\/[A-Za-z0-9.:[\]-]+(\/[A-Za-z0-9._/-]*)?$/
const SAFE_PIN = /^sha256\/\/[A-Za-z0-9+/]{43}=$/

/** What `GET /join` answers: the node script, told where it came from and whose key to expect there. */
export function joinScript(text: string, url: string, pin: string | null): string {
  invariant(SAFE_URL.test(url), `${JSON.stringify(url)} is an address for nodes`)
  invariant(pin === null || SAFE_PIN.test(pin), 'a pin is sha256// and base64')
  return fill(fill(text, 'SERVER_URL', url), 'SERVER_PIN', pin ?? '')
}

function fill(text: string, name: string, value: string): string {
  const empty = `\n${name}=''\n`
  invariant(text.split(empty).length === 2, `the script has one line ${name}=''`)
  return text.replace(empty, () => `\n${name}='${value}'\n`)
}
