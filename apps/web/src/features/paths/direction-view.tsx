'use client'

import { Ago } from '~/ui/ago.tsx'
import { StatusMark } from '~/ui/status-mark.tsx'
import { formatMs } from '~/ui/units.ts'
import { valueWords } from './measure.ts'
import type { Direction } from './path-shapes.ts'
import { KIND_WORDS, STATUS_MARKS, STATUS_WORDS } from './path-words.ts'
import classes from './paths.module.css'
import { Proof } from './proof.tsx'
import { proofWords } from './proof-words.ts'

/** One direction, hop by hop, each with what its tunnel measured and how old that is. */
export function DirectionView({ title, direction }: { title: string; direction: Direction }) {
  return (
    <section>
      <h3 className={classes.heading}>{title}</h3>
      {direction.sinceAt && (
        <p className={classes.quiet}>
          {KIND_WORDS[direction.kind]}, last changed <Ago at={direction.sinceAt} />
        </p>
      )}
      {direction.hops.length === 0 ? (
        <p className={classes.quiet}>Nothing leads on from here.</p>
      ) : (
        <ol className={classes.hops}>
          {direction.hops.map((hop) => (
            <li key={`${hop.fromId} ${hop.toId}`}>
              <StatusMark status={STATUS_MARKS[hop.status]} label={STATUS_WORDS[hop.status]} />
              <div>
                <p>
                  {hop.fromName} → {hop.toName}
                  {hop.rttMs !== null && `, ${formatMs(hop.rttMs)}`}
                </p>
                <p className={classes.quiet}>
                  {hop.interfaceName}
                  {hop.status !== 'down' &&
                    ` · ${hop.loss === null ? 'loss not known yet' : `${valueWords('loss', hop.loss)} lost`}`}
                  {' · '}
                  {proofWords(hop).label.toLowerCase()} <Proof of={proofWords(hop)} />
                </p>
                {hop.status !== 'up' && hop.text !== '' && <p className={classes.quiet}>{hop.text}</p>}
              </div>
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}
