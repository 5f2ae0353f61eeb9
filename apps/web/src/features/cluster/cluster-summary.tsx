import type { ReactNode } from 'react'
import { Ago } from '~/ui/ago.tsx'
import { Definitions } from '~/ui/definitions.tsx'
import { Mono } from '~/ui/mono.tsx'
import type { ClusterDetail } from './cluster-detail.ts'
import { releaseText } from './release-text.ts'

const DATASTORES = { sqlite: 'SQLite', etcd: 'embedded etcd', external: 'external' } as const

/** What the cluster was told to be, at a glance. */
export function ClusterSummary({ cluster }: { cluster: ClusterDetail }) {
  const { settings } = cluster
  const api = cluster.nodes.find((node) => node.first)?.address4
  const rows: [string, ReactNode][] = [
    ['Release', releaseText(settings.release)],
    ...(api ? ([['API', <Mono key="api" copy>{`https://${api}:6443`}</Mono>]] as [string, ReactNode][]) : []),
    ['Pods', <Ranges key="pods" ranges={[settings.podRange4, settings.podRange6]} />],
    ['Services', <Ranges key="services" ranges={[settings.serviceRange4, settings.serviceRange6]} />],
    ['Pod network', settings.flannelBackend === 'none' ? 'your own CNI' : settings.flannelBackend],
    ['Datastore', DATASTORES[settings.datastore]],
    ...(settings.disable.length > 0 ? ([['Left out', settings.disable.join(', ')]] as [string, ReactNode][]) : []),
    ...(settings.secretsEncryption === 'off'
      ? []
      : ([['Secrets', `encrypted, ${settings.secretsEncryption}`]] as [string, ReactNode][])),
    ...(settings.airGap ? ([['Air gap', 'on']] as [string, ReactNode][]) : []),
    [
      'Authority',
      cluster.caSha256 ? (
        <Mono key="authority" copy>
          {cluster.caSha256}
        </Mono>
      ) : (
        'made by the first server'
      ),
    ],
    ['Made', <Ago key="made" at={cluster.createdAt} />],
  ]
  return <Definitions title="Settings" rows={rows} />
}

function Ranges({ ranges }: { ranges: readonly (string | null)[] }) {
  return ranges.map(
    (range) =>
      range && (
        <div key={range}>
          <Mono copy>{range}</Mono>
        </div>
      ),
  )
}
