'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTRPC } from '~/trpc/client.tsx'
import { useWhyNot } from '~/trpc/use-role.ts'
import { ActionButton } from '~/ui/action-button.tsx'
import { Ago } from '~/ui/ago.tsx'
import { sayFailure } from '~/ui/say.ts'
import { type Status, StatusMark } from '~/ui/status-mark.tsx'
import type { RemovalStep } from './cluster-row.ts'
import type { NodeDetail } from './node-detail.ts'
import classes from './removal-steps.module.css'

const MARKS: Record<RemovalStep['state'], Status> = {
  waiting: 'none',
  asked: 'info',
  done: 'good',
  failed: 'bad',
  skipped: 'unknown',
}

const WORDS: Record<RemovalStep['state'], string> = {
  waiting: 'waiting',
  asked: 'asked',
  done: 'done',
  failed: 'failed',
  skipped: 'left out',
}

/** The way out of the cluster, step by step. One that cannot succeed is repeated, or left out. */
export function RemovalSteps({ node, steps }: { node: NodeDetail; steps: readonly RemovalStep[] }) {
  const trpc = useTRPC()
  const cache = useQueryClient()
  const whyNot = useWhyNot('operator')
  const options = (failed: string) => ({
    onSuccess: () => cache.invalidateQueries({ queryKey: trpc.cluster.pathKey() }),
    onError: (error: unknown) => sayFailure(failed, error),
  })
  const repeat = useMutation(trpc.cluster.repeatRemovalStep.mutationOptions(options('The step was not repeated')))
  const skip = useMutation(trpc.cluster.skipRemovalStep.mutationOptions(options('The step was not left out')))
  return (
    <ol className={classes.steps} aria-label="Steps out of the cluster">
      {steps.map((row) => {
        const { step } = row
        return (
          <li key={step} className={classes.step} data-state={row.state} data-step={step}>
            <StatusMark status={MARKS[row.state]} size={14} />
            <div className={classes.body}>
              <p className={classes.title}>
                {row.title}
                <span className={classes.word}>
                  {WORDS[row.state]} {row.at && <Ago at={row.at} />}
                </span>
              </p>
              <p className={classes.text}>{row.text}</p>
              {step !== 'leave' && whyNot === null && (row.canRepeat || row.canSkip) && (
                <div className={classes.actions}>
                  {row.canRepeat && (
                    <ActionButton
                      size="compact-sm"
                      variant="default"
                      loading={repeat.isPending}
                      onClick={() => repeat.mutate({ nodeId: node.id, step })}
                    >
                      Repeat
                    </ActionButton>
                  )}
                  {row.canSkip && (
                    <ActionButton
                      size="compact-sm"
                      variant="subtle"
                      loading={skip.isPending}
                      onClick={() => skip.mutate({ nodeId: node.id, step })}
                    >
                      Go on without it
                    </ActionButton>
                  )}
                </div>
              )}
            </div>
          </li>
        )
      })}
    </ol>
  )
}
