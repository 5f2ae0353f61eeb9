'use client'

import { Button, Group } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTRPC } from '~/trpc/client.tsx'
import { ActionButton } from '~/ui/action-button.tsx'
import { Dialog } from '~/ui/dialog.tsx'
import { errorWords } from '~/ui/error-words.ts'
import { Notice } from '~/ui/notice.tsx'
import { say } from '~/ui/say.ts'
import { count } from '~/ui/units.ts'
import type { ClusterDetail, Settings } from './cluster-detail.ts'
import classes from './preview-dialog.module.css'
import { type Change, EFFECTS, type UpdatePreview } from './update-preview.ts'

type Props = {
  network: string
  settings: Settings
  datastoreEndpoint: string | null
  preview: UpdatePreview
  onClose: () => void
  onSaved: (cluster: ClusterDetail) => void
}

/** What each machine would be told, in the order of their turns, and what is cut meanwhile. */
export function PreviewDialog({ network, settings, datastoreEndpoint, preview, onClose, onSaved }: Props) {
  const trpc = useTRPC()
  const cache = useQueryClient()
  const { steps, unchanged, refused, cuts } = preview
  const update = useMutation(
    trpc.cluster.update.mutationOptions({
      onSuccess: (cluster) => {
        cache.setQueryData(trpc.cluster.get.queryKey({ networkId: network }), cluster)
        say(cluster.rollout ? 'Saved. The machines take it one after the other.' : 'Saved.')
        onSaved(cluster)
      },
    }),
  )
  const [refusal] = refused
  return (
    <Dialog opened onClose={onClose} title="What would change" size="lg">
      {refused.length > 0 && (
        <Notice status="bad">
          {refused.map(({ name, key, text }) => (
            <p key={`${name} ${key}`}>
              <b>{key}</b> on {name}: {text}
            </p>
          ))}
        </Notice>
      )}
      {cuts.length > 0 && (
        <ul className={classes.cuts} aria-label="What is cut">
          {cuts.map((cut) => (
            <li key={cut}>{cut}</li>
          ))}
        </ul>
      )}
      {refused.length > 0 ? null : steps.length === 0 ? (
        <p className={classes.note}>No machine is told anything now: who joins from now on gets it.</p>
      ) : (
        <>
          <p className={classes.note}>
            One after the other, in this order. Each has to come back and be Ready before the next is touched; at the
            first that does not, all stops and the rest keeps what it has.
          </p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long list scrolls, also by keyboard */}
          <ol className={classes.steps} tabIndex={0} aria-label="Machines in the order of their turns">
            {steps.map((step) => (
              <li key={step.nodeId} className={classes.step}>
                <p className={classes.name}>
                  {step.name} <span>{step.restarts ? 'k3s starts again' : 'nothing starts again'}</span>
                </p>
                <Changes changes={step.changes} said={cuts} />
                {step.hidden && (
                  <p className={classes.hidden}>
                    What is not shown here changes too: secrets, mirrors, or what the installer is told.
                  </p>
                )}
              </li>
            ))}
          </ol>
        </>
      )}
      {refused.length === 0 && unchanged.length > 0 && (
        <p className={classes.note}>
          Nothing changes on {unchanged.length <= 6 ? unchanged.join(', ') : count(unchanged.length, 'other node')}.
        </p>
      )}
      {update.error && (
        <div className={classes.error}>
          <Notice status="bad">
            {errorWords(update.error).text} {errorWords(update.error).fix}
          </Notice>
        </div>
      )}
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="default" onClick={onClose}>
          Go back
        </Button>
        <ActionButton
          color={cuts.length > 0 ? 'bad' : undefined}
          loading={update.isPending}
          why={refusal ? `${refusal.key} cannot be changed: undo it first.` : null}
          onClick={() => update.mutate({ networkId: network, settings, datastoreEndpoint })}
        >
          {steps.length === 0 ? 'Save' : `Apply to ${count(steps.length, 'node')}`}
        </ActionButton>
      </Group>
    </Dialog>
  )
}

/** `said`: what stands above already, as "key: note". */
function Changes({ changes, said }: { changes: readonly Change[]; said: readonly string[] }) {
  if (changes.length === 0) return null
  return (
    <dl className={classes.changes}>
      {changes.map(({ key, before, after, effect, note }) => (
        <div key={key} className={classes.change} data-effect={effect}>
          <dt>{key}</dt>
          <dd>
            {before !== null && <del>{before}</del>}
            {after === null ? <ins>as k3s has it</ins> : <ins>{after}</ins>}
            <p className={classes.effect}>{note && !said.includes(`${key}: ${note}`) ? note : EFFECTS[effect]}</p>
          </dd>
        </div>
      ))}
    </dl>
  )
}
