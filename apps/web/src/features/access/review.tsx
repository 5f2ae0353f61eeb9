'use client'

import { Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { addFence } from '@spanwire/mesh/policy/add-rules'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTRPC, useTRPCClient } from '~/trpc/client.tsx'
import { useWhyNot } from '~/trpc/use-role.ts'
import { ActionButton } from '~/ui/action-button.tsx'
import { ErrorPanel } from '~/ui/error-panel.tsx'
import { errorWords } from '~/ui/error-words.ts'
import { Notice } from '~/ui/notice.tsx'
import { Page } from '~/ui/page.tsx'
import { Section } from '~/ui/section.tsx'
import { SkeletonRows } from '~/ui/skeleton-rows.tsx'
import { count } from '~/ui/units.ts'
import classes from './access.module.css'
import type { Check, PolicyDetail, Trial } from './policy-shapes.ts'
import { ReachChanges } from './reach-changes.tsx'
import { ReviewFindings } from './review-findings.tsx'
import { useChecked } from './use-checked.ts'
import type { DraftPolicy } from './use-draft-policy.ts'

type Props = { network: string; policy: PolicyDetail; draft: DraftPolicy; onClose: () => void }

const WINDOWS = [
  { value: '60', label: '1 minute' },
  { value: '180', label: '3 minutes' },
  { value: '300', label: '5 minutes' },
  { value: '900', label: '15 minutes' },
]

/** Before anything is told to a machine: tests, what k3s needs, who loses and who gains what. */
export function Review({ network, policy, draft, onClose }: Props) {
  const trpc = useTRPC()
  const client = useTRPCClient()
  const cache = useQueryClient()
  const whyNot = useWhyNot('admin')
  const checked = useChecked(network, draft.text, true)
  const [comment, setComment] = useState('')
  const [asks, setAsks] = useState(false)
  const [seconds, setSeconds] = useState('180')
  const [meant, setMeant] = useState(false)
  const { check } = checked
  const save = useMutation({
    mutationFn: (): Promise<Trial> => {
      const rest = {
        networkId: network,
        confirmSeconds: asks ? Number(seconds) : null,
        acceptClusterWarnings: meant && (check?.cluster.length ?? 0) > 0,
        basedOn: policy.number,
      }
      if (draft.restores !== null) return client.policy.restore.mutate({ ...rest, number: draft.restores })
      return client.policy.save.mutate({ ...rest, text: draft.text, comment: comment.trim() || undefined })
    },
    onSuccess: async () => {
      draft.discard()
      onClose()
      await cache.invalidateQueries({ queryKey: trpc.policy.pathKey() })
    },
  })
  const errors = checked.marks.filter(({ severity }) => severity === 'error')
  const why = whyNot ?? whyNotSave(check, errors.length, meant)
  return (
    <Page
      title="Review changes"
      lead={check ? summary(check) : 'Looking at who gains and loses what.'}
      above={
        <button type="button" className={classes.link} onClick={onClose}>
          Back to the text
        </button>
      }
    >
      {Boolean(checked.error) && (
        <ErrorPanel title="The text could not be checked" error={checked.error} onRetry={checked.retry} />
      )}
      {!check && !checked.error && errors.length === 0 && <SkeletonRows rows={6} height={44} />}
      <ReviewFindings
        marks={checked.marks}
        check={check}
        onFence={(warnings) => draft.set(addFence(draft.text, warnings))}
      />
      {check && (
        <>
          {policy.number === null && check.counts.rules > 0 && (
            <div className={classes.gap}>
              <Notice status="warn">
                This is the first policy: until now everything inside of the network was allowed. From here on what no
                rule accepts is denied.
              </Notice>
            </div>
          )}
          <ReachChanges title="Lost" kind="lost" changes={check.lost} more={check.more.lost} />
          <ReachChanges title="Gained" kind="gained" changes={check.gained} more={check.more.gained} />
          <Section
            title="Put it on trial"
            text="Machines that are well take the new rules and keep the old ones at hand. When one is not well again within a minute, all of them go back by themselves."
          >
            <div className={classes.fields}>
              {draft.restores === null && (
                <TextInput
                  label="Comment"
                  description="For whoever reads the versions later"
                  value={comment}
                  maxLength={500}
                  onChange={(event) => setComment(event.currentTarget.value)}
                />
              )}
              <Checkbox
                size="sm"
                label="Ask me to confirm"
                description="Without it the rules hold once all machines are well"
                checked={asks}
                onChange={(event) => setAsks(event.currentTarget.checked)}
              />
              {asks && (
                <NativeSelect
                  label="Go back when nobody has confirmed within"
                  data={WINDOWS}
                  value={seconds}
                  onChange={(event) => setSeconds(event.currentTarget.value)}
                  maw={320}
                />
              )}
              {check.cluster.length > 0 && (
                <Checkbox
                  size="sm"
                  label="Cut what k3s needs all the same"
                  description="Only when the cluster is meant to stop, or is not there any more"
                  checked={meant}
                  onChange={(event) => setMeant(event.currentTarget.checked)}
                />
              )}
            </div>
          </Section>
        </>
      )}
      {save.error && (
        <div className={classes.gap}>
          <Notice status="bad">
            {errorWords(save.error).text} {errorWords(save.error).fix}
          </Notice>
        </div>
      )}
      <div className={classes.foot}>
        <ActionButton variant="default" onClick={onClose}>
          Go back
        </ActionButton>
        <ActionButton why={why} loading={save.isPending} onClick={() => save.mutate()}>
          Save and try it
        </ActionButton>
      </div>
    </Page>
  )
}

function whyNotSave(check: Check | null, errors: number, meant: boolean): string | null {
  if (errors > 0) return `The text has ${count(errors, 'error')}: mend it first.`
  if (!check) return 'Still looking at who gains and loses what.'
  if (check.errors.length > 0) return `The text has ${count(check.errors.length, 'error')}: mend it first.`
  if (check.counts.failed > 0)
    return `${count(check.counts.failed, 'test')} of the policy ${check.counts.failed === 1 ? 'fails' : 'fail'}: change the rules or the tests.`
  if (check.cluster.length > 0 && !meant) return 'It cuts what k3s needs: put the rules in, or say that it is meant so.'
  return null
}

function summary({ lost, gained, more, counts }: Check): string {
  const rules = `${count(counts.rules, 'rule')} for ${count(counts.nodes, 'node')}`
  if (lost.length + gained.length === 0) return `${rules}. Nobody gains or loses anything by it.`
  const losing = pairs(lost, more.lost, ['lose', 'loses'])
  return `${rules}. ${losing[0]?.toUpperCase()}${losing.slice(1)}, ${pairs(gained, more.gained, ['gain', 'gains'])}.`
}

function pairs(changes: Check['lost'], more: number, [many, one]: readonly [string, string]): string {
  const sum = changes.reduce((all, { pairs }) => all + pairs, 0)
  if (sum === 0) return `nobody ${one} anything`
  return `${more > 0 ? 'over ' : ''}${count(sum, 'pair')} ${sum === 1 ? one : many} something`
}
