'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTRPC, useTRPCClient } from '~/trpc/client.tsx'
import { useWhyNot } from '~/trpc/use-role.ts'
import { ActionButton } from '~/ui/action-button.tsx'
import { useNow } from '~/ui/ago.tsx'
import { Notice } from '~/ui/notice.tsx'
import { sayFailure } from '~/ui/say.ts'
import { formatDuration } from '~/ui/units.ts'
import classes from './access.module.css'
import type { Trial } from './policy-shapes.ts'
import { TrialEnd } from './trial-end.tsx'
import { TrialNodes } from './trial-nodes.tsx'
import type { DraftPolicy } from './use-draft-policy.ts'

type Props = { network: string; trial: Trial; holds: number | null; draft: DraftPolicy }

/** A version that machines try: who is well under it, how long there is left, and the two ways out. Ended, the sentence that says how. */
export function TrialPanel({ network, trial, holds, draft }: Props) {
  const trpc = useTRPC()
  const client = useTRPCClient()
  const cache = useQueryClient()
  const whyNot = useWhyNot('admin')
  const now = useNow()
  const [asked, setAsked] = useState<'confirm' | 'return' | null>(null)
  const end = useMutation({
    mutationFn: (how: 'confirm' | 'return') => client.policy[how].mutate({ networkId: network }),
    onMutate: setAsked,
    onError: (error) => sayFailure('It is still on trial', error),
    onSettled: () => cache.invalidateQueries({ queryKey: trpc.policy.pathKey() }),
  })
  if (trial.state !== 'running')
    return <TrialEnd key={trial.id} network={network} trial={trial} holds={holds} draft={draft} />
  const left = now === null ? null : Math.max(0, Math.round((Date.parse(trial.deadlineAt) - now) / 1000))
  const whole = (Date.parse(trial.deadlineAt) - Date.parse(trial.startedAt)) / 1000
  const well = trial.nodes.filter(({ ok }) => ok).length
  return (
    <section className={classes.trial} aria-label={`Version ${trial.number} on trial`}>
      <div className={classes.trialHead}>
        <div>
          <h2 className={classes.trialTitle}>Version {trial.number} is on trial</h2>
          <p className={classes.quiet}>Saved by {trial.startedBy}</p>
        </div>
        <p className={classes.clock} role="timer">
          {left === null ? '' : left === 0 ? 'Time is over' : `${formatDuration(left)} left`}
        </p>
      </div>
      <div className={classes.bar} aria-hidden>
        <span style={{ width: `${left === null ? 100 : Math.min(100, (left / whole) * 100)}%` }} />
      </div>
      <p aria-live="polite">{trial.reason}</p>
      <p className={classes.quiet}>
        {trial.needsConfirm
          ? 'When nobody confirms it in time, all machines go back to the rules before, by themselves.'
          : 'It is confirmed by itself when all are well. Otherwise all go back to the rules before, by themselves.'}
      </p>
      <TrialNodes nodes={trial.nodes} well={well} />
      <div className={classes.buttons}>
        <ActionButton
          why={whyNot ?? (trial.allWell ? null : `Not yet: ${trial.reason}`)}
          loading={end.isPending && asked === 'confirm'}
          onClick={() => end.mutate('confirm')}
        >
          Confirm
        </ActionButton>
        <ActionButton
          variant="default"
          why={whyNot}
          loading={end.isPending && asked === 'return'}
          onClick={() => end.mutate('return')}
        >
          Return now
        </ActionButton>
      </div>
      {whyNot && <Notice status="info">{whyNot}</Notice>}
    </section>
  )
}
