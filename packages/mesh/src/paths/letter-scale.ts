/**
 * Numbers as one or two letters of base64url, with the same precision at any size: code 0 is nothing known, 1 is zero (or less than where
 * the scale begins), and from 2 on each step is `10 ** (1 / perDecade)` times the one before. What is larger than the last one is the last one.
 */
export type LetterScale = {
  readonly letters: 1 | 2
  /** Where the scale begins. */
  readonly least: number
  readonly perDecade: number
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

export const letterOf = (code: number): string => LETTERS.charAt(code)

export function toLetters({ letters, least, perDecade }: LetterScale, value: number | null): string {
  const most = letters === 1 ? 63 : 4095
  const code = value === null ? 0 : value < least ? 1 : 2 + Math.round(Math.log10(value / least) * perDecade)
  const known = Math.min(code, most)
  return letters === 1 ? letterOf(known) : letterOf(known >> 6) + letterOf(known & 63)
}

/** Of the letters of value number `place`. */
export function fromLetters(scale: LetterScale, text: string, place: number): number | null {
  const code = scale.letters === 1 ? codeAt(text, place) : (codeAt(text, 2 * place) << 6) | codeAt(text, 2 * place + 1)
  if (code < 2) return code === 0 ? null : 0
  return scale.least * 10 ** ((code - 2) / scale.perDecade)
}

/** 0 beyond the end, and for what is no letter. */
export const codeAt = (text: string, place: number): number => CODES[text.charCodeAt(place)] ?? 0

const CODES: readonly number[] = Array.from({ length: 128 }, (_, code) =>
  Math.max(0, LETTERS.indexOf(String.fromCharCode(code))),
)
