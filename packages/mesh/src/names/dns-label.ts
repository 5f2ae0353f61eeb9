import { err, type Fault, ok, type Result } from '../result.ts'

export type LabelFault = Fault<'empty' | 'too-long' | 'bad-characters' | 'reads-as-address'> & {
  readonly suggestion: string
}

/** One label of RFC 1123, lower case: what DNS, Kubernetes, /etc/hosts and a URL all take as it is. */
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/

/** `noun` is what the name is for, as it begins the sentence: "node name". */
export function parseDnsLabel(text: string, noun: string): Result<string, LabelFault> {
  const suggestion = suggest(text, noun)
  const fix = `; try "${suggestion}"`
  if (text === '') return err({ kind: 'empty', message: `a ${noun} is needed${fix}`, suggestion })
  // inet_aton reads "10" and "0xa" as addresses: `ping 10` would never ask for the name.
  if (/^([0-9]+|0x[0-9a-f]*)$/.test(text)) {
    return err({
      kind: 'reads-as-address',
      message: `a ${noun} must not be a bare number, programs take it for an address${fix}`,
      suggestion,
    })
  }
  if (text.length > 63) {
    return err({
      kind: 'too-long',
      message: `a ${noun} has 63 characters at most, this has ${text.length}${fix}`,
      suggestion,
    })
  }
  if (!LABEL.test(text)) {
    return err({
      kind: 'bad-characters',
      message: `a ${noun} has lower-case letters, digits and hyphens only, and neither starts nor ends with a hyphen${fix}`,
      suggestion,
    })
  }
  return ok(text)
}

/** The nearest valid name, so that the form can offer it. Accents go, everything else that does not fit becomes a hyphen. */
function suggest(text: string, noun: string): string {
  const trim = (name: string) => name.replace(/^-+|-+$/g, '')
  const plain = text.slice(0, 500).normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  const name = trim(trim(plain.replace(/[^a-z0-9]+/g, '-')).slice(0, 63))
  const prefix = noun.split(' ')[0] ?? 'name'
  if (name === '') return `${prefix}-1`
  return /^([0-9]+|0x[0-9a-f]*)$/.test(name) ? trim(`${prefix}-${name}`.slice(0, 63)) : name
}
