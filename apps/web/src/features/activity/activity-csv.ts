import type { EventRow } from './activity-row.tsx'

const COLUMNS = [
  'at',
  'actorKind',
  'actorName',
  'action',
  'subjectKind',
  'subjectName',
  'subjectId',
  'networkId',
  'before',
  'after',
  'address',
] as const satisfies (keyof EventRow)[]

/** Comma-separated as RFC 4180 has it: a head, CRLF, quotes doubled. */
export function activityCsv(rows: readonly EventRow[]): string {
  const lines = rows.map((row) => COLUMNS.map((column) => cell(row[column])).join(','))
  return [COLUMNS.join(','), ...lines, ''].join('\r\n')
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return ''
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  // Spreadsheets run what begins like a formula: an apostrophe makes it text (OWASP, "CSV injection").
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
