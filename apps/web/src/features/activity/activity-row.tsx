import type { inferRouterOutputs } from '@trpc/server'
import Link from 'next/link'
import type { AppRouter } from '~/server-bridge.ts'
import { Ago } from '~/ui/ago.tsx'
import { paths } from '~/ui/paths.ts'
import { actionWords } from './action-words.ts'
import classes from './activity-row.module.css'
import { diff } from './diff.ts'

export type EventRow = inferRouterOutputs<AppRouter>['activity']['list']['rows'][number]

/** One sentence: who did what to what; under it what was before and after. */
export function ActivityRow({ row, network }: { row: EventRow; network: string | undefined }) {
  const changes = diff(row.before, row.after)
  const href = subjectHref(row, network)
  return (
    <article className={classes.row}>
      <div className={classes.line}>
        <span className={classes.sentence}>
          <span className={classes.actor} title={row.address ? `from ${row.address}` : undefined}>
            {row.actorName}
          </span>{' '}
          {actionWords(row.action)} {href ? <Link href={href}>{row.subjectName}</Link> : <b>{row.subjectName}</b>}
        </span>
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
    </article>
  )
}

function subjectHref(row: EventRow, network: string | undefined): string | null {
  const owner = row.networkId ?? network
  if (row.subjectKind === 'network' && row.subjectId && row.action !== 'network.delete')
    return paths.network(row.subjectId)
  const stands = row.action !== 'node.remove'
  return row.subjectKind === 'node' && row.subjectId && owner && stands ? paths.node(owner, row.subjectId) : null
}
