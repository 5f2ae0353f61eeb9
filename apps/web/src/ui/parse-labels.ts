import { parseLabel } from '@spanwire/mesh/names/parse-label'

export type Labels = Record<string, string>

/** 'zone=eu-1' as a label; the sentence says what does not fit. A key alone is a label without a value. */
export function parseLabelText(text: string): { key: string; value: string } | { fault: string } {
  const [key = '', ...rest] = text.trim().split('=')
  const label = parseLabel(key.trim(), rest.join('=').trim())
  return label.ok ? { key: label.value.key, value: label.value.value } : { fault: label.error.message }
}

export const labelText = (key: string, value: string): string => (value === '' ? key : `${key}=${value}`)

export const labelTexts = (labels: Labels): string[] =>
  Object.entries(labels).map(([key, value]) => labelText(key, value))
