/** The grammar of values in a bundle (docs/protocol.md). What does not fit is a bug of ours and throws, before anything is sent. */
import { invariant } from '../invariant.ts'

export const ID = /^[0-9a-f-]{36}$/
export const NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/
export const INTERFACE = /^[a-z][a-z0-9_-]{0,14}$/

export function must(pattern: RegExp, value: string): string {
  invariant(pattern.test(value), `${JSON.stringify(value.slice(0, 80))} does not fit ${pattern.source}`)
  return value
}

export function count(value: number): string {
  invariant(Number.isSafeInteger(value) && value >= 0, `${value} is a count`)
  return String(value)
}

export const text = (lines: readonly string[]): string => (lines.length === 0 ? '' : `${lines.join('\n')}\n`)
