'use client'

import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '~/trpc/client.tsx'
import { ActionButton } from '~/ui/action-button.tsx'
import { Ago } from '~/ui/ago.tsx'
import { Mono } from '~/ui/mono.tsx'
import { paths } from '~/ui/paths.ts'
import { StatusMark } from '~/ui/status-mark.tsx'
import { formatMs } from '~/ui/units.ts'
import classes from './joined.module.css'
import type { Ledger } from './step-words.ts'

type Props = { network: string; ledger: Ledger; onAnother: () => void }

/** The end of a join: what was measured, and where to go from here. */
export function Joined({ network, ledger, onAnother }: Props) {
  const trpc = useTRPC()
  const { data: node } = useQuery(trpc.node.get.queryOptions({ id: ledger.node.id }))
  const tunnel = node?.peers.find((peer) => peer.status === 'up')
  const { data: cluster } = useQuery(trpc.cluster.get.queryOptions({ networkId: network }))
  const kube = cluster?.nodes.find((row) => row.nodeId === ledger.node.id)
  const provedLater = ledger.steps.some((step) => step.state === 'not-yet')
  return (
    <section className={classes.joined} aria-labelledby="joined">
      <h3 className={classes.title} id="joined">
        <StatusMark status="good" size={16} />
        {ledger.node.name} is in
      </h3>
      <p className={classes.text}>
        {provedLater
          ? 'The gateway is up. Its first tunnel is proved by the first member that joins.'
          : kube
            ? `In the network and in ${cluster?.settings.name}, each fact seen from another machine:`
            : 'Measured just now, from both ends:'}
      </p>
      <dl className={classes.numbers}>
        {ledger.node.address4 && (
          <Fact name="Address">
            <Mono copy>{ledger.node.address4}</Mono>
          </Fact>
        )}
        {tunnel?.rttMs != null && <Fact name={`Round trip to ${tunnel.peerName}`}>{formatMs(tunnel.rttMs)}</Fact>}
        {tunnel?.handshakeAt && (
          <Fact name="Handshake">
            <Ago at={tunnel.handshakeAt} />
          </Fact>
        )}
        {node?.reportedAt && (
          <Fact name="Last report">
            <Ago at={node.reportedAt} />
          </Fact>
        )}
        {kube?.ready && (
          <Fact name="Kubernetes">
            Ready{' '}
            {kube.since && (
              <>
                since <Ago at={kube.since} suffix={false} />
              </>
            )}
          </Fact>
        )}
        {kube?.podAnsweredAt && (
          <Fact name="Pod on it answered">
            {kube.podRttMs === null ? <Ago at={kube.podAnsweredAt} /> : formatMs(kube.podRttMs)}
          </Fact>
        )}
        {kube?.podRanges[0] && (
          <Fact name="Pod range">
            <Mono copy>{kube.podRanges[0]}</Mono>
          </Fact>
        )}
      </dl>
      {ledger.summary && <p className={classes.summary}>{ledger.summary}.</p>}
      <div className={classes.actions}>
        <ActionButton onClick={onAnother} variant={provedLater ? 'filled' : 'default'}>
          {provedLater ? 'Add a member' : 'Add another'}
        </ActionButton>
        <ActionButton href={paths.node(network, ledger.node.id)} variant={provedLater ? 'default' : 'filled'}>
          Open node
        </ActionButton>
      </div>
    </section>
  )
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
