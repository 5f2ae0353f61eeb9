/** The values that fields of a message may have. Each reader answers null for anything else. */
export type Fields = ReadonlyMap<string, string>

export const HASH_PATTERN = /^[0-9a-f]{64}$/

/** `<boot_id>.<n>`: the boot id is a uuid; a few more shapes do no harm, since it is compared and shown only. */
const INSTANCE = /^[0-9A-Za-z-]{1,64}\.[0-9]{1,9}$/

export function readCount(text: string | undefined): number | null {
  if (text === undefined || !/^(0|[1-9][0-9]{0,15})$/.test(text)) return null
  const count = Number(text)
  return Number.isSafeInteger(count) ? count : null
}

/** A decimal fraction as /proc prints it: no sign, no exponent. */
export function readDecimal(text: string | undefined): number | null {
  return text !== undefined && /^[0-9]{1,15}(\.[0-9]{1,9})?$/.test(text) ? Number(text) : null
}

export const readHash = (text: string | undefined): string | null =>
  text !== undefined && HASH_PATTERN.test(text) ? text : null

export const readInstance = (text: string | undefined): string | null =>
  text !== undefined && INSTANCE.test(text) ? text : null

/** Version and SHA-256 of the running script. */
export function readScript(text: string | undefined): { version: string; sha256: string } | null {
  const parts = /^([0-9A-Za-z.+-]{1,40}) ([0-9a-f]{64})$/.exec(text ?? '')
  return parts?.[1] && parts[2] ? { version: parts[1], sha256: parts[2] } : null
}
