/**
 * The little of YAML that k3s' files need, written so that no value can become anything else: strings are always double-quoted and of
 * printable ASCII, so there are no escapes but `\"` and `\\`, no multi-line forms, no tags, no anchors, and "no" stays a word.
 */
import { invariant } from '../invariant.ts'

export function yamlString(text: string): string {
  invariant(/^[\x20-\x7e]*$/.test(text), `${JSON.stringify(text.slice(0, 80))} is printable ASCII`)
  return `"${text.replace(/[\\"]/g, (character) => `\\${character}`)}"`
}

/** A bare key: the spelling of a flag, nothing that YAML could read as a number, a boolean or null. */
export function yamlKey(text: string): string {
  invariant(
    /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(text) && !/^(y|n|yes|no|on|off|true|false|null)$/.test(text),
    `${JSON.stringify(text.slice(0, 80))} is a key`,
  )
  return text
}

export function yamlScalar(value: boolean | number | string): string {
  if (typeof value === 'string') return yamlString(value)
  invariant(typeof value === 'boolean' || (Number.isSafeInteger(value) && value >= 0), `${value} is a count`)
  return String(value)
}
