import { Notice } from '~/ui/notice.tsx'
import { count } from '~/ui/units.ts'
import type { Split } from './bulk.ts'
import classes from './bulk-note.module.css'
import type { Failure } from './use-bulk.ts'

/** Which of the chosen are left out, and which refused. */
export function BulkNote({ split, failures }: { split: Split; failures: readonly Failure[] }) {
  const { unable } = split
  return (
    <>
      {unable.length > 0 && (
        <div className={classes.note}>
          <Notice status="info">
            {count(unable.length, 'node is', 'nodes are')} left out:{' '}
            {unable
              .map(({ node }) => node.name)
              .slice(0, 5)
              .join(', ')}
            {unable.length > 5 && ` and ${unable.length - 5} more`}. {unable[0]?.why}
          </Notice>
        </div>
      )}
      {failures.length > 0 && (
        <div className={classes.note}>
          <Notice status="bad">
            <ul className={classes.failures}>
              {failures.map(({ name, words }) => (
                <li key={name}>
                  <b>{name}</b>: {words}
                </li>
              ))}
            </ul>
          </Notice>
        </div>
      )}
    </>
  )
}
