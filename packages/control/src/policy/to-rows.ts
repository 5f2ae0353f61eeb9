import type { ClusterWarning } from '@spanwire/mesh/policy/cluster-warnings'
import type { DiffLine } from '@spanwire/mesh/policy/diff-lines'
import type { PolicyDiff, ReachChange } from '@spanwire/mesh/policy/diff-policies'
import type { Finding } from '@spanwire/mesh/policy/finding'
import type { TestResult } from '@spanwire/mesh/policy/run-tests'
import type { z } from 'zod'
import type { ClusterWarningRow, DiffLineRow, PolicyDiffRow, PolicyFinding, PolicyTestRow } from './policy-row.ts'

export const toFindingRow = ({
  code,
  line,
  column,
  from,
  to,
  message,
  fix,
}: Finding): z.infer<typeof PolicyFinding> => ({ code, line, column, from, to, text: message, fix })

export const toWarningRow = ({ cluster, need, sentence, rule }: ClusterWarning): z.infer<typeof ClusterWarningRow> => ({
  cluster,
  need,
  text: sentence,
  fence: rule,
})

export const toDiffRow = ({ gained, lost, more }: PolicyDiff): z.infer<typeof PolicyDiffRow> => ({
  gained: gained.map(toChange),
  lost: lost.map(toChange),
  more,
})

const toChange = ({ from, to, ...rest }: ReachChange) => ({ ...rest, from: named(from), to: named(to) })
const named = ({ names, more }: ReachChange['from']) => ({ names: [...names], more })

export const toTestRow = ({ target, state, sentence }: TestResult): z.infer<typeof PolicyTestRow> => ({
  line: target.at.line,
  column: target.at.column,
  ok: state !== 'failed',
  idle: state === 'idle',
  text: sentence,
})

/** So many lines and no more: a text that was written anew is not read as a diff. */
const MOST_LINES = 2_000

export const toLineRows = (lines: readonly (DiffLine | null)[]): z.infer<typeof DiffLineRow>[] =>
  lines.slice(0, MOST_LINES).map((line) => line && { ...line })
