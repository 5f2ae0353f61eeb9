import { err, type Fault, ok, type Result } from '../result.ts'
import { parseLabel } from './parse-label.ts'

/** What people type as the zone or region of a site: it ends up as the value of a label of Kubernetes. Nothing typed is null. */
export function parsePlace(text: string, what: 'zone' | 'region'): Result<string | null, Fault<'bad-value'>> {
  const value = text.trim()
  if (value === '') return ok(null)
  if (parseLabel(what, value).ok) return ok(value)
  return err({
    kind: 'bad-value',
    message: `${JSON.stringify(value.slice(0, 80))} cannot be a ${what}: Kubernetes takes up to 63 letters, digits, "-", "_" and ".", starting and ending with a letter or digit, like eu-central-1`,
  })
}
