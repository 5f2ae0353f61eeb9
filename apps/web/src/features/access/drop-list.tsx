'use client'

import { useWhyNot } from '~/trpc/use-role.ts'
import { ActionButton } from '~/ui/action-button.tsx'
import { Ago } from '~/ui/ago.tsx'
import { StatusMark } from '~/ui/status-mark.tsx'
import { count } from '~/ui/units.ts'
import classes from './access.module.css'
import type { Drop } from './policy-shapes.ts'

type Props = {
  drops: readonly Drop[]
  more: number
  none: string
  onAllow: (drop: Drop) => void
}

/** Drops as sentences, each one click from the rule that would let it in; nothing is saved before it was reviewed. */
export function DropList({ drops, more, none, onAllow }: Props) {
  const whyNot = useWhyNot('admin')
  if (drops.length === 0) return <p className={classes.quiet}>{none}</p>
  return (
    <>
      <ul className={classes.rules} aria-label="What was dropped">
        {drops.map((drop) => (
          <li
            key={`${drop.nodeId} ${drop.fromAddress} ${drop.toAddress} ${drop.proto} ${drop.port}`}
            className={classes.hit}
          >
            <div className={classes.finding}>
              <StatusMark status={drop.allowedNow ? 'info' : 'warn'} />
              <div>
                <p>{drop.text}.</p>
                <p className={classes.quiet}>
                  {drop.fromAddress} → {drop.toAddress}, {drop.proto} {drop.port ?? ''} · <Ago at={drop.lastAt} />
                </p>
              </div>
            </div>
            {!drop.allowedNow && (
              <ActionButton
                size="compact-sm"
                variant="default"
                why={whyNot}
                aria-label={`Allow ${drop.from} to ${drop.to}`}
                onClick={() => onAllow(drop)}
              >
                Allow
              </ActionButton>
            )}
          </li>
        ))}
      </ul>
      {more > 0 && <p className={classes.quiet}>And {count(more, 'more pair')}.</p>}
    </>
  )
}
