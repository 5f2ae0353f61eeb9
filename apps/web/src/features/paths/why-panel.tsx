'use client'

import { Button } from '@mantine/core'
import { beginSentence } from '@spanwire/mesh/names/begin-sentence'
import { tryPhase } from '@spanwire/mesh/paths/direct-try'
import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '~/trpc/client.tsx'
import { ActionButton } from '~/ui/action-button.tsx'
import { Ago, useNow } from '~/ui/ago.tsx'
import { ErrorPanel } from '~/ui/error-panel.tsx'
import { Mono } from '~/ui/mono.tsx'
import { Notice } from '~/ui/notice.tsx'
import { Panel } from '~/ui/panel.tsx'
import { paths } from '~/ui/paths.ts'
import { SkeletonRows } from '~/ui/skeleton-rows.tsx'
import { StatusMark } from '~/ui/status-mark.tsx'
import { formatMs } from '~/ui/units.ts'
import { ChangeList } from './change-list.tsx'
import { DirectionView } from './direction-view.tsx'
import { valueWords } from './measure.ts'
import type { Explained } from './path-shapes.ts'
import { ENDPOINT_WORDS, NAT_WORDS, STATUS_MARKS, STATUS_WORDS } from './path-words.ts'
import classes from './paths.module.css'
import { Proof } from './proof.tsx'
import { proofWords } from './proof-words.ts'

type Props = {
  network: string
  pair: readonly [string, string]
  onAsk: (pair: readonly [string, string]) => void
  onClose: () => void
}

const RENEW_MS = 5_000

/** Why one node reaches another the way it does: the sentence first, then what proves it. */
export function WhyPanel({ network, pair: [fromId, toId], onAsk, onClose }: Props) {
  const query = useQuery(
    useTRPC().paths.explain.queryOptions({ network, fromId, toId }, { refetchInterval: RENEW_MS, retry: 1 }),
  )
  const found = query.data
  const title = found ? `${found.from.name} → ${found.to.name}` : 'Why this path'
  return (
    <Panel
      title={title}
      label={found ? `Why this path: ${title}` : title}
      onClose={onClose}
      footer={
        found && (
          <>
            <Button variant="default" onClick={() => onAsk([toId, fromId])}>
              Swap
            </Button>
            {[found.from, found.to].map(({ id, name }) => (
              <ActionButton key={id} variant="default" href={paths.node(network, id)}>
                Open {name}
              </ActionButton>
            ))}
          </>
        )
      }
    >
      {query.isError && !found ? (
        <ErrorPanel title="The reason could not be read" error={query.error} onRetry={() => void query.refetch()} />
      ) : !found ? (
        <SkeletonRows rows={6} height={36} />
      ) : (
        <Reason found={found} />
      )}
    </Panel>
  )
}

function Reason({ found }: { found: Explained }) {
  const { from, to, there, back, tries, endpoints } = found
  const isApart = found.kind === 'none'
  const proof = proofWords(found.status === there.status ? there : back)
  const nats = [from, to].flatMap(({ id, name, nat }) => (nat ? [{ id, name, nat }] : []))
  return (
    <>
      <p className={classes.verdict}>
        <StatusMark status={markOf(found)} size={14} />
        <span>{beginSentence(found.text)}.</span>
      </p>
      {!isApart && (
        <dl className={classes.pairs}>
          <dt>State</dt>
          <dd>{STATUS_WORDS[found.status]}</dd>
          <dt>Round trip</dt>
          <dd>{formatMs(there.rttMs ?? back.rttMs)}</dd>
          <dt>Lost</dt>
          <dd>{found.status === 'down' ? 'everything' : valueWords('loss', worst(there.loss, back.loss))}</dd>
          <dt>{proof.label}</dt>
          <dd>
            <Proof of={proof} />
          </dd>
          {tries && (
            <>
              <dt>Direct path</dt>
              <dd>
                <TriesView tries={tries} />
              </dd>
            </>
          )}
        </dl>
      )}
      <div className={classes.notices}>
        {found.oneWay.map(({ fromName, toName, text }) => (
          <Notice key={`${fromName} ${toName}`} status="warn">
            {beginSentence(text)}.
          </Notice>
        ))}
      </div>
      {!isApart && (
        <>
          <DirectionView title={`From ${from.name} to ${to.name}`} direction={there} />
          <DirectionView title="And back" direction={back} />
        </>
      )}
      {!isApart && nats.length > 0 && (
        <>
          <h3 className={classes.heading}>Between them and the world</h3>
          <dl className={classes.pairs}>
            {nats.map(({ id, name, nat }) => (
              <div key={id} className={classes.natRow}>
                <dt>{name}</dt>
                <dd>{NAT_WORDS[nat]}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
      {endpoints.length > 0 && (
        <>
          <h3 className={classes.heading}>
            Where {from.name} calls {to.name}, in this order
          </h3>
          <ol className={classes.endpoints}>
            {endpoints.map(({ kind, endpoint }) => (
              <li key={`${kind} ${endpoint}`}>
                <Mono copy>{endpoint}</Mono> <span className={classes.quiet}>{ENDPOINT_WORDS[kind]}</span>
              </li>
            ))}
          </ol>
        </>
      )}
      <h3 className={classes.heading}>History</h3>
      {found.history.length === 0 ? (
        <p className={classes.quiet}>Neither of the two has changed its way to the other yet.</p>
      ) : (
        <ChangeList changes={found.history} />
      )}
    </>
  )
}

/** What is ahead is the node's plan; its report of the try itself comes some seconds after it. */
function TriesView({ tries: { lastAt, nextAt, roundMs } }: { tries: NonNullable<Explained['tries']> }) {
  const now = useNow()
  const [last, next] = [Date.parse(lastAt), nextAt === null ? null : Date.parse(nextAt)]
  const found = tryPhase({ last, next, roundMs }, now ?? last)
  switch (found.phase) {
    case 'waits':
      return (
        <>
          last tried <Ago at={found.last} />, next <Ago at={found.next} />
        </>
      )
    case 'trying':
      return (
        <>
          trying now, begun <Ago at={found.since} />
        </>
      )
    case 'over':
      return (
        <>
          tried <Ago at={found.since} />; the next report says what came of it
        </>
      )
  }
}

function markOf({ kind, status }: Explained) {
  if (kind === 'none') return 'none'
  return kind === 'unreachable' ? 'bad' : STATUS_MARKS[status]
}

const worst = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : Math.max(a, b))
