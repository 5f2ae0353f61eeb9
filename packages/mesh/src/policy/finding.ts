/** Where something stands in the text of a policy: `from` and `to` as the editor counts, line and column from 1 in characters as people do. */
export type Place = {
  readonly from: number
  readonly to: number
  readonly line: number
  readonly column: number
}

export type FindingCode =
  | 'syntax'
  | 'too-large'
  | 'too-deep'
  | 'duplicate-key'
  | 'wrong-type'
  | 'unknown-field'
  | 'missing-field'
  | 'bad-value'
  | 'not-here'
  | 'unknown-name'
  | 'nobody-yet'
  | 'no-effect'

/**
 * What is wrong with a policy, or worth knowing of it, for a person: one sentence, and what to do. An `error` refuses the policy, a
 * `warning` does not.
 */
export type Finding = Place & {
  readonly severity: 'error' | 'warning'
  readonly code: FindingCode
  readonly message: string
  readonly fix: string
}

export const error = (at: Place, code: FindingCode, message: string, fix: string): Finding =>
  finding('error', at, code, message, fix)

export const warning = (at: Place, code: FindingCode, message: string, fix: string): Finding =>
  finding('warning', at, code, message, fix)

export function finding(
  severity: Finding['severity'],
  { from, to, line, column }: Place,
  code: FindingCode,
  message: string,
  fix: string,
): Finding {
  return { severity, code, from, to, line, column, message, fix }
}

/** In the order of the text, errors first where two stand at one place. */
export const compareFindings = (a: Finding, b: Finding): number =>
  a.from - b.from ||
  (a.severity === b.severity ? 0 : a.severity === 'error' ? -1 : 1) ||
  (a.message < b.message ? -1 : a.message > b.message ? 1 : 0)
