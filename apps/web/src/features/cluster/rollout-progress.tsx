'use client'

import { Group } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import { useWhyNot } from '~/trpc/use-role.ts'
import { ActionButton } from '~/ui/action-button.tsx'
import { Ago } from '~/ui/ago.tsx'
import { ConfirmDialog } from '~/ui/confirm-dialog.tsx'
import { sayFailure } from '~/ui/say.ts'
import { someNames } from '~/ui/some-names.ts'
import { type Status, StatusMark } from '~/ui/status-mark.tsx'
import type { ClusterDetail, Rollout } from './cluster-detail.ts'
import { sentence } from './field-findings.ts'
import classes from './rollout-progress.module.css'

const MARKS: Record<Rollout['nodes'][number]['state'], Status> = {
  waiting: 'none',
  applying: 'info',
  done: 'good',
  failed: 'bad',
}

const TURNS: Partial<Record<Rollout['nodes'][number]['state'], string>> = {
  applying: 'its turn',
  failed: 'did not take it',
}

/** A change of the settings on its way, machine by machine; stopped, it waits for a person. */
export function RolloutProgress({ network, rollout }: { network: string; rollout: Rollout }) {
  const trpc = useTRPC()
  const cache = useQueryClient()
  const whyNot = useWhyNot('admin')
  const [aborting, setAborting] = useState(false)
  const taken = (cluster: ClusterDetail) => {
    setAborting(false)
    cache.setQueryData(trpc.cluster.get.queryKey({ networkId: network }), cluster)
  }
  const resume = useMutation(
    trpc.cluster.resumeRollout.mutationOptions({
      onSuccess: taken,
      onError: (error) => sayFailure('The change stays stopped', error),
    }),
  )
  const abort = useMutation(trpc.cluster.abortRollout.mutationOptions({ onSuccess: taken }))
  const isStopped = rollout.state === 'stopped'
  const told = rollout.nodes.filter(({ state }) => state !== 'waiting')
  return (
    <section className={classes.rollout} data-state={rollout.state} aria-labelledby="rollout">
      <div className={classes.head}>
        <StatusMark status={isStopped ? 'bad' : 'info'} size={14} />
        <div>
          <h2 id="rollout" className={classes.title}>
            {isStopped ? 'The change has stopped' : 'A change is on its way'}
          </h2>
          <p role="status">{sentence(rollout.sentence)}</p>
          {rollout.fix && <p className={classes.fix}>{rollout.fix}</p>}
          <p className={classes.by}>
            begun by {rollout.startedBy} <Ago at={rollout.startedAt} />
          </p>
        </div>
      </div>
      <ol className={classes.nodes} aria-label="Machines in the order of their turns">
        {rollout.nodes.map((node) => (
          <li key={node.nodeId} data-state={node.state}>
            <StatusMark status={MARKS[node.state]} />
            <span className={classes.name}>{node.name}</span>
            <span className={classes.text}>
              {/* Of the one whose turn it is, the sentence above has said all. */}
              {node.text === rollout.sentence ? (TURNS[node.state] ?? node.text) : node.text}
            </span>
          </li>
        ))}
      </ol>
      {whyNot === null && (
        <Group gap="xs" mt="sm">
          {isStopped && (
            <ActionButton loading={resume.isPending} onClick={() => resume.mutate({ networkId: network })}>
              Go on
            </ActionButton>
          )}
          <ActionButton variant="default" onClick={() => setAborting(true)}>
            Break it off
          </ActionButton>
        </Group>
      )}
      <ConfirmDialog
        opened={aborting}
        onClose={() => setAborting(false)}
        title="Break the change off?"
        verb="Break it off"
        keep="Let it go on"
        cut={
          told.length === 0
            ? []
            : [
                `k3s starts again on ${someNames(told.map(({ name }) => name))}, one at a time, with the settings before`,
              ]
        }
        note={
          told.length === 0
            ? 'No machine was told yet: the settings before stand again.'
            : 'Machines that were not reached keep what they have.'
        }
        busy={abort.isPending}
        error={abort.error}
        onConfirm={() => abort.mutate({ networkId: network })}
      />
    </section>
  )
}
