'use client'

import { beginSentence } from '@spanwire/mesh/names/begin-sentence'
import { Ago } from '~/ui/ago.tsx'
import { StatusMark } from '~/ui/status-mark.tsx'
import { type ChangeGroup, groupChanges, groupText, groupWhose, NO_WAY } from './group-changes.ts'
import type { Change } from './path-shapes.ts'
import classes from './paths.module.css'

const MARKS = { plan: 'info', boot: 'none', dead: 'warn', better: 'good' } as const

type OnAsk = ((pair: readonly [string, string]) => void) | undefined

/** Changes of ways, the newest first, each as its sentence; many of one cause at one moment as one that opens. */
export function ChangeList({ changes, onAsk }: { changes: readonly Change[]; onAsk?: OnAsk }) {
  return (
    <ul className={classes.hops} aria-label="Changes of paths">
      {groupChanges(changes).map((group) => (
        <li key={group.id}>
          <StatusMark status={markOf(group.changes)} />
          {group.changes.length === 1 ? (
            <ChangeText change={group.changes[0]} onAsk={onAsk} />
          ) : (
            <GroupText group={group} onAsk={onAsk} />
          )}
        </li>
      ))}
    </ul>
  )
}

const markOf = (changes: ChangeGroup['changes']) =>
  changes.some(({ to }) => to === NO_WAY) ? 'bad' : MARKS[changes[0].cause]

function GroupText({ group, onAsk }: { group: ChangeGroup; onAsk: OnAsk }) {
  return (
    <details className={classes.group}>
      <summary>
        {groupText(group)}.
        <span className={classes.quiet}>
          <Ago at={group.changes[0].at} /> · of {groupWhose(group)}
        </span>
      </summary>
      <ul className={classes.hops}>
        {group.changes.map((change) => (
          <li key={change.id}>
            <ChangeText change={change} onAsk={onAsk} />
          </li>
        ))}
      </ul>
    </details>
  )
}

function ChangeText({ change, onAsk }: { change: Change; onAsk: OnAsk }) {
  return (
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
  )
}
