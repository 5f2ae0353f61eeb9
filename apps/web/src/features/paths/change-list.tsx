'use client'

import { beginSentence } from '@spanwire/mesh/names/begin-sentence'
import { Ago } from '~/ui/ago.tsx'
import { StatusMark } from '~/ui/status-mark.tsx'
import type { Change } from './path-shapes.ts'
import classes from './paths.module.css'

const MARKS = { plan: 'info', boot: 'none', dead: 'warn', better: 'good' } as const

/** Changes of ways, the newest first, each as its sentence. */
export function ChangeList({
  changes,
  onAsk,
}: {
  changes: readonly Change[]
  onAsk?: (pair: readonly [string, string]) => void
}) {
  return (
    <ul className={classes.hops} aria-label="Changes of paths">
      {changes.map((change) => (
        <li key={change.id}>
          <StatusMark status={change.to === 'no way' ? 'bad' : MARKS[change.cause]} />
          <div>
            <p>{beginSentence(change.text)}.</p>
            <p className={classes.quiet}>
              <Ago at={change.at} /> · before: {change.from}
              {onAsk && change.peerId && (
                <>
                  {' · '}
                  <button
                    type="button"
                    className={classes.link}
                    onClick={() => change.peerId && onAsk([change.nodeId, change.peerId])}
                  >
                    why
                  </button>
                </>
              )}
            </p>
          </div>
        </li>
      ))}
    </ul>
  )
}
