'use client'

import { CloseButton } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTRPCClient } from '~/trpc/client.tsx'
import { useWhyNot } from '~/trpc/use-role.ts'
import { ActionButton } from '~/ui/action-button.tsx'
import { Ago, useNow } from '~/ui/ago.tsx'
import { Notice } from '~/ui/notice.tsx'
import { sayFailure } from '~/ui/say.ts'
import classes from './access.module.css'
import type { Trial } from './policy-shapes.ts'
import type { DraftPolicy } from './use-draft-policy.ts'

type Props = { network: string; trial: Trial; holds: number | null; draft: DraftPolicy }

/** That all went well needs to be told once; what was returned stands until something newer is tried. */
const TOLD_MS = 10 * 60_000

/** How a trial ended, and what was not well. */
export function TrialEnd({ network, trial, holds, draft }: Props) {
  const client = useTRPCClient()
  const whyNot = useWhyNot('admin')
  const now = useNow()
  const [closed, setClosed] = useState(false)
  const open = useMutation({
    mutationFn: () => client.policy.compare.query({ networkId: network, from: 0, to: trial.number }),
    onSuccess: ({ to }) => {
      draft.set(to.text)
      setClosed(true)
    },
    onError: (error) => sayFailure('Its text could not be read', error),
  })
  const endedAt = trial.endedAt ?? trial.startedAt
  const isOld = now !== null && now - Date.parse(endedAt) > TOLD_MS
  if (closed || (trial.state === 'confirmed' && (isOld || trial.number !== holds))) return null
  const isGood = trial.state === 'confirmed'
  // Those that were only being watched when it ended did nothing wrong.
  const bad = trial.nodes.filter(({ ok, text }) => !ok && !/watched a little longer$/.test(text))
  const before = holds === null ? 'no policy holds, as before' : `version ${holds} holds, as before`
  return (
    <div className={classes.gap}>
      <Notice status={isGood ? 'good' : 'bad'}>
        <div className={classes.ended}>
          <div>
            <p>
              <b>{isGood ? `Version ${trial.number} holds.` : `Version ${trial.number} was returned; ${before}.`}</b>{' '}
              {trial.reason} <Ago at={endedAt} />
            </p>
            {!isGood && bad.length > 0 && (
              <ul className={classes.plain} aria-label="Machines that were not well">
                {bad.slice(0, 8).map(({ id, name, text }) => (
                  <li key={id}>
                    <b>{name}</b> {text}
                  </li>
                ))}
                {bad.length > 8 && <li>and {bad.length - 8} more</li>}
              </ul>
            )}
            {!isGood && !draft.isChanged && (
              <div className={classes.buttons}>
                <ActionButton
                  size="compact-sm"
                  variant="default"
                  why={whyNot}
                  loading={open.isPending}
                  onClick={() => open.mutate()}
                >
                  Open its text, to mend it
                </ActionButton>
              </div>
            )}
          </div>
          <CloseButton size="sm" aria-label="Close this notice" onClick={() => setClosed(true)} />
        </div>
      </Notice>
    </div>
  )
}
