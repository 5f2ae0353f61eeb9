'use client'

import { ActionButton } from '~/ui/action-button.tsx'
import { Page } from '~/ui/page.tsx'
import classes from './no-cluster.module.css'

/** What a cluster is, for who has none: one sentence, the way there, one button. */
export function NoCluster({ whyNot, onMake }: { whyNot: string | null; onMake: () => void }) {
  return (
    <Page title="Cluster" narrow>
      <div className={classes.none}>
        <h2 className={classes.title}>No cluster yet</h2>
        <p className={classes.text}>
          A cluster makes machines of this network one Kubernetes, by k3s. Nodes and pods reach each other through the
          tunnels that are there already, wherever the machines stand.
        </p>
        <ol className={classes.steps}>
          <li>
            <b>Describe it.</b> Ranges that meet nothing are proposed; no machine is touched yet.
          </li>
          <li>
            <b>Add its first server.</b> The line that adds a node installs k3s too, and makes the cluster.
          </li>
          <li>
            <b>Add agents.</b> Each ends in proof: the node is Ready, and a pod on it answered.
          </li>
        </ol>
        {whyNot === null ? (
          <ActionButton onClick={onMake}>Make a cluster</ActionButton>
        ) : (
          <p className={classes.text}>{whyNot}</p>
        )}
      </div>
    </Page>
  )
}
