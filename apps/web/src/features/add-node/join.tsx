'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useTRPC, useTRPCClient } from '~/trpc/client.tsx'
import { useSites } from '~/trpc/use-sites.ts'
import { ActionButton } from '~/ui/action-button.tsx'
import { type ClusterPart, NO_PART } from '~/ui/cluster-part.ts'
import { Notice } from '~/ui/notice.tsx'
import { Page } from '~/ui/page.tsx'
import { paths } from '~/ui/paths.ts'
import { say, sayFailure } from '~/ui/say.ts'
import { LedgerSkeleton } from './add-node-skeleton.tsx'
import { changed, type Draft, GROUPS, whyNotReady } from './draft.ts'
import classes from './join.module.css'
import { JoinLineBlock } from './join-line-block.tsx'
import { Joined } from './joined.tsx'
import { LedgerView } from './ledger-view.tsx'
import { NodeForm } from './node-form.tsx'
import { NodeSummary } from './node-summary.tsx'
import { stageOf } from './step-words.ts'
import { type DraftForm, useDraft } from './use-draft.ts'
import type { Ticket } from './use-invitation.ts'
import { useLineOptions } from './use-line-options.ts'
import { type PartForm, usePart } from './use-part.ts'
import { useTakeBack } from './use-take-back.ts'

/** Hints bring each step at once; this only catches up when one was lost. */
const FALLBACK_POLL_MS = 2000

type Props = {
  lead: string
  network: string
  nodeId: string
  stored: Draft
  kept: Partial<Draft>
  keptPart: ClusterPart | null
  /** made by opening this very page */
  fresh: boolean
  listenPort: number
  isFirst: boolean
  hasGateway: boolean
  whyNot: string | null
  ticket: Ticket | null
  onNewLine: () => void
  renewing: boolean
  renewError: unknown
  onAnother: (draft: Draft, part: ClusterPart) => void
}

/** One node on its way in: describe it, paste the line, watch. */
export function Join(props: Props) {
  const { network, nodeId, ticket, onNewLine, whyNot } = props
  const trpc = useTRPC()
  const client = useTRPCClient()
  const [handedOut, setHandedOut] = useState(false)
  const form = useDraft(nodeId, props.stored, props.kept)
  const part = usePart(network, nodeId, form.faults.name ? props.stored.name : form.draft.name, props.keptPart)
  const options = useLineOptions()
  const { sites } = useSites(network)
  const { data: ledger } = useQuery(
    trpc.node.ledger.queryOptions(
      { id: nodeId },
      { refetchInterval: (query) => (query.state.data?.done ? false : FALLBACK_POLL_MS) },
    ),
  )
  const stage = ledger ? stageOf(ledger) : null
  const joined = ledger !== undefined && ledger.node.state !== 'invited'

  const touched =
    handedOut || joined || part.part.role !== null || GROUPS.some((group) => changed(form.draft, props.stored, group))
  useTakeBack(props.fresh && !touched && (stage === null || stage === 'waiting'), () => {
    // Somebody else may have been faster; either way it is gone.
    client.invitation.revoke.mutate({ nodeId }).catch(() => {})
  })

  // A token is shown once, so a reload makes the next one; but not under a machine that is at work with the last.
  const asked = useRef(false)
  const wantsLine = ticket === null && stage === 'waiting' && !joined && !ledger?.tokenUsed && whyNot === null
  useEffect(() => {
    if (!wantsLine || asked.current) return
    asked.current = true
    onNewLine()
  }, [wantsLine, onNewLine])

  return (
    <Page
      title="Add node"
      lead={props.lead}
      actions={ledger && !joined && <RevokeButton network={network} nodeId={nodeId} why={whyNot} />}
    >
      <div className={classes.columns} data-stage={stage ?? undefined}>
        <Part
          place="form"
          title={joined ? 'The node' : 'Describe the node'}
          aside={!joined && <Saved form={form} part={part} />}
        >
          {joined ? (
            <NodeSummary
              draft={form.draft}
              siteName={sites.find((site) => site.id === form.draft.siteId)?.name ?? null}
              part={part.part}
            />
          ) : (
            <NodeForm
              network={network}
              listenPort={props.listenPort}
              form={form}
              part={part}
              options={options}
              isFirst={props.isFirst}
              locked={whyNot !== null}
            />
          )}
        </Part>
        <div className={classes.right}>
          {stage !== 'done' && (
            <Part
              place="line"
              title="Paste this line on the machine"
              aside={<span>any Linux, as root or by sudo</span>}
            >
              {ticket === null && (joined || stage === 'joining' || stage === 'stopped') ? (
                <ShownOnce
                  stopped={stage === 'stopped'}
                  joined={joined}
                  renewing={props.renewing}
                  onNewLine={onNewLine}
                />
              ) : (
                <JoinLineBlock
                  ticket={ticket}
                  options={options}
                  whyNot={whyNot ?? whyNotReady(form.draft, form.faults, props.hasGateway) ?? part.whyNot}
                  used={ledger?.tokenUsed ?? false}
                  onNewLine={joined || whyNot !== null ? null : onNewLine}
                  renewing={props.renewing}
                  renewError={props.renewError}
                  onHandedOut={() => setHandedOut(true)}
                  remedy={
                    form.draft.role === 'member' && !props.hasGateway && whyNot === null
                      ? { verb: 'Make this the gateway', run: () => form.set({ role: 'gateway' }) }
                      : null
                  }
                />
              )}
            </Part>
          )}
          <Part place="ledger" title={stage === 'done' ? 'It has joined' : 'Watch it join'}>
            {ledger && stage === 'done' && (
              <Joined
                network={network}
                ledger={ledger}
                onAnother={() => props.onAnother(form.draft, { ...part.part, kubernetesName: NO_PART.kubernetesName })}
              />
            )}
            {ledger ? (
              <LedgerView
                ledger={ledger}
                options={joined || whyNot !== null ? null : options}
                page={joined ? paths.node(network, nodeId) : null}
              />
            ) : (
              <LedgerSkeleton />
            )}
          </Part>
        </div>
      </div>
    </Page>
  )
}

type PartProps = { place: 'form' | 'line' | 'ledger'; title: string; aside?: ReactNode; children: ReactNode }

function Part({ place, title, aside, children }: PartProps) {
  return (
    <section className={classes.part} data-place={place} aria-labelledby={`part-${place}`}>
      <div className={classes.partHead}>
        <h2 id={`part-${place}`} className={classes.partTitle}>
          {title}
        </h2>
        {aside && <div className={classes.aside}>{aside}</div>}
      </div>
      {children}
    </section>
  )
}

function Saved({ form, part }: { form: DraftForm; part: PartForm }) {
  const faults = Object.keys({ ...form.faults, ...part.faults }).length
  const text = form.saving || part.saving ? 'saving' : faults > 0 ? 'not saved' : 'saved'
  return <output>{text}</output>
}

type ShownOnceProps = { stopped: boolean; joined: boolean; renewing: boolean; onNewLine: () => void }

/** After a reload in the middle of a join: the machine has the line, this page has not. */
function ShownOnce({ stopped, joined, renewing, onNewLine }: ShownOnceProps) {
  return (
    <Notice status="info">
      <p>
        {stopped
          ? 'Its line was shown once. Repeat the last command in the terminal of the machine: it goes on from where it stopped.'
          : 'The machine is at work with its line, which was shown once.'}
      </p>
      {!joined && (
        <ActionButton variant="default" mt="xs" onClick={onNewLine} loading={renewing}>
          Make a new line instead
        </ActionButton>
      )}
    </Notice>
  )
}

function RevokeButton({ network, nodeId, why }: { network: string; nodeId: string; why: string | null }) {
  const router = useRouter()
  const revoke = useMutation(
    useTRPC().invitation.revoke.mutationOptions({
      onSuccess: () => {
        say('The invitation is revoked; its line is worth nothing now.')
        router.push(paths.nodes(network))
      },
      onError: (error) => sayFailure('The invitation stands', error),
    }),
  )
  return (
    <ActionButton
      variant="default"
      why={why}
      loading={revoke.isPending || revoke.isSuccess}
      onClick={() => revoke.mutate({ nodeId })}
    >
      Revoke invitation
    </ActionButton>
  )
}
