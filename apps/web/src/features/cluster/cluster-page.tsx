'use client'

import dynamic from 'next/dynamic'
import { useState } from 'react'
import { useWhyNot } from '~/trpc/use-role.ts'
import { ActionButton } from '~/ui/action-button.tsx'
import { useCommands } from '~/ui/commands.tsx'
import { Page } from '~/ui/page.tsx'
import { paths } from '~/ui/paths.ts'
import { UrlTabs } from '~/ui/url-tabs.tsx'
import type { ClusterDetail } from './cluster-detail.ts'
import { ClusterNodes } from './cluster-nodes.tsx'
import classes from './cluster-page.module.css'
import { clusterSentence } from './cluster-sentence.ts'
import { ClusterSummary } from './cluster-summary.tsx'
import { Findings } from './findings.tsx'

// Made of key pairs and certificates: its script comes when it is opened.
const KubeconfigDialog = dynamic(() => import('./kubeconfig-dialog.tsx').then((module) => module.KubeconfigDialog), {
  ssr: false,
})
const EditCluster = dynamic(() => import('./edit-cluster.tsx').then((module) => module.EditCluster), { ssr: false })
const DeleteCluster = dynamic(() => import('./delete-cluster.tsx').then((module) => module.DeleteCluster), {
  ssr: false,
})
const RolloutProgress = dynamic(() => import('./rollout-progress.tsx').then((module) => module.RolloutProgress))

type Props = { network: string; cluster: ClusterDetail }

/** A cluster that was made: its nodes with both truths side by side, then what it was told to be. */
export function ClusterPage({ network, cluster }: Props) {
  const whyNot = useWhyNot('operator')
  const whyNotDelete = useWhyNot('admin')
  const [kubeconfig, setKubeconfig] = useState(false)
  const isUp = cluster.nodes.some(({ ready }) => ready === true)
  const notMade = cluster.made
    ? null
    : isUp
      ? 'Its first server is Ready and has not sent its join token yet: that comes with one of its next reports.'
      : 'There is no API yet: the first server makes it.'
  const open = () => notMade === null && setKubeconfig(true)
  useCommands([{ id: 'kubeconfig', label: 'Get a kubeconfig', group: 'This cluster', run: open }])
  return (
    <Page
      title={cluster.settings.name}
      lead={clusterSentence(cluster)}
      actions={
        <>
          <ActionButton variant="default" why={notMade} onClick={open}>
            Get a kubeconfig
          </ActionButton>
          {whyNot === null && <ActionButton href={paths.addNode(network)}>Add node</ActionButton>}
        </>
      }
    >
      {cluster.rollout && <RolloutProgress network={network} rollout={cluster.rollout} />}
      <UrlTabs
        label="Cluster"
        tabs={[
          {
            name: 'nodes',
            label: 'Nodes',
            content: () => (
              <div className={classes.columns}>
                <div className={classes.main}>
                  <ClusterNodes network={network} cluster={cluster} />
                </div>
                <aside className={classes.side} aria-label="About this cluster">
                  <Findings findings={cluster.findings} />
                  <ClusterSummary cluster={cluster} />
                </aside>
              </div>
            ),
          },
          {
            name: 'settings',
            label: 'Settings',
            content: () => <EditCluster network={network} cluster={cluster} />,
          },
          ...(whyNotDelete === null
            ? [
                {
                  name: 'delete' as const,
                  label: 'Delete',
                  content: () => <DeleteCluster network={network} cluster={cluster} />,
                },
              ]
            : []),
        ]}
      />
      {kubeconfig && <KubeconfigDialog network={network} cluster={cluster} onClose={() => setKubeconfig(false)} />}
    </Page>
  )
}
