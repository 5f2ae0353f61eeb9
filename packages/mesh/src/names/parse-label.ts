import { err, type Fault, ok, type Result } from '../result.ts'

export type Label = { readonly key: string; readonly value: string }

const NAME = /^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/
const SUBDOMAIN = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/

/** Kubernetes' grammar of labels ("Labels and Selectors", syntax and character set), since they end up on its nodes. */
export function parseLabel(key: string, value: string): Result<Label, Fault<'bad-key' | 'bad-value'>> {
  const parts = key.split('/')
  const name = parts.at(-1) ?? ''
  const prefix = parts.length === 2 ? parts[0] : undefined
  if (parts.length > 2 || !NAME.test(name) || (prefix !== undefined && !isSubdomain(prefix))) {
    return err({
      kind: 'bad-key',
      message: `${JSON.stringify(key.slice(0, 80))} is not a label key; write it like zone or example.org/zone: up to 63 letters, digits, "-", "_" and ".", starting and ending with a letter or digit`,
    })
  }
  if (value !== '' && !NAME.test(value)) {
    return err({
      kind: 'bad-value',
      message: `${JSON.stringify(value.slice(0, 80))} is not a label value; use up to 63 letters, digits, "-", "_" and ".", starting and ending with a letter or digit`,
    })
  }
  return ok({ key, value })
}

const isSubdomain = (text: string): boolean => text.length <= 253 && SUBDOMAIN.test(text)
