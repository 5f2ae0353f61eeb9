import type { inferRouterOutputs } from '@trpc/server'
import Link from 'next/link'
import type { AppRouter } from '~/server-bridge.ts'
import { Ago } from '~/ui/ago.tsx'
import { DiffLines } from '~/ui/diff-lines.tsx'
import { paths } from '~/ui/paths.ts'
import { actionWords } from './action-words.ts'
import classes from './activity-row.module.css'
import { diff } from './diff.ts'
import { policyLines } from './policy-lines.ts'

export type EventRow = inferRouterOutputs<AppRouter>['activity']['list']['rows'][number]

/** One sentence: who did what to what, or what befell which machine; under it what was before and after. */
export function ActivityRow({ row, network }: { row: EventRow; network: string | undefined }) {
  const lines = policyLines(row)
  // Of a step of a way out the sentence says how it ended, and the line when.
  const isStep = row.subjectKind === 'node' && row.action.startsWith('cluster.')
  const changes = diff(row.before, row.after).filter(
    ({ field }) => (lines === null || field !== 'diff') && !(isStep && (field === 'at' || field === 'state')),
  )
  const href = subjectHref(row, network)
  const { subjectFirst, words } = actionWords(
    row.action,
    row.subjectKind,
    (row.after as { state?: unknown } | null)?.state,
  )
  const subject = href ? <Link href={href}>{row.subjectName}</Link> : <b>{row.subjectName}</b>
  const from = row.address ? `from ${row.address}` : undefined
  return (
    <article className={classes.row}>
      <div className={classes.line}>
        {subjectFirst ? (
          <span className={classes.sentence}>
            <span title={from}>{subject}</span> {words}
          </span>
        ) : (
          <span className={classes.sentence}>
            <span className={classes.actor} title={from}>
              {row.actorName}
            </span>{' '}
            {words} {subject}
          </span>
        )}
        <span className={classes.when}>
          <Ago at={row.at} />
        </span>
      </div>
      {changes.length > 0 && (
        <dl className={classes.diff}>
          {changes.map(({ field, before, after }) => (
            <div key={field} className={classes.change}>
              <dt>{field}</dt>
              <dd>
                {before !== null && <del>{before}</del>}
                {before !== null && after !== null && <span aria-hidden> → </span>}
                {after !== null && <ins>{after}</ins>}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {lines && (
        <details className={classes.lines}>
          <summary>What changed in the text</summary>
          <DiffLines lines={lines} label="What changed in the text" />
        </details>
      )}
    </article>
  )
}

/** Actions after which there is nothing to open any more. */
const GONE = new Set(['network.delete', 'node.remove', 'invitation.revoke'])

function subjectHref(row: EventRow, network: string | undefined): string | null {
  if (!row.subjectId || GONE.has(row.action)) return null
  const owner = row.networkId ?? network
  if (row.subjectKind === 'network') return paths.network(row.subjectId)
  if (row.subjectKind === 'policy' && owner) return paths.access(owner, 'versions')
  return row.subjectKind === 'node' && owner ? paths.node(owner, row.subjectId) : null
}
