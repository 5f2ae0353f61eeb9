'use client'

import { Input, SegmentedControl, Stack, TextInput } from '@mantine/core'
import Link from 'next/link'
import { type ReactNode, useId } from 'react'
import type { ClusterPart, PartFaults, RoleWhys } from './cluster-part.ts'
import classes from './cluster-part-fields.module.css'
import { LabelField } from './label-field.tsx'
import { ServerVerdictNote, type Verdict } from './server-verdict-note.tsx'
import { TaintField } from './taint-field.tsx'

type Props = {
  part: ClusterPart
  set: (change: Partial<ClusterPart>) => void
  faults: PartFaults
  /** the cluster of the network; null: it has none, undefined: not known yet */
  clusterName: string | null | undefined
  whys: RoleWhys
  /** it would be the one that makes the cluster */
  isFirst: boolean
  /** what was measured between it and the servers; null: nothing to judge */
  verdict: Verdict | null
  nodeName: string
  clusterHref: string
  disabled?: boolean
}

/** What the machine is in the cluster: server, agent, or nothing. A role that cannot be chosen says why. */
export function ClusterPartFields(props: Props) {
  const { part, set, faults, clusterName, whys, isFirst, verdict, nodeName, clusterHref, disabled } = props
  const label = useId()
  const open = clusterName != null && !disabled
  return (
    <Stack gap="md">
      <Input.Wrapper
        labelElement="div"
        label={<span id={label}>In Kubernetes</span>}
        description={<About {...{ part, clusterName, whys, isFirst, clusterHref }} />}
        error={faults.role}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
      >
        <SegmentedControl
          fullWidth
          mb={6}
          aria-labelledby={label}
          value={part.role ?? NONE}
          onChange={(role) => set({ role: role === NONE ? null : (role as 'server' | 'agent') })}
          data={[
            { value: 'server', label: 'k3s server', disabled: !open || whys.server !== null },
            { value: 'agent', label: 'k3s agent', disabled: !open || whys.agent !== null },
            { value: NONE, label: 'Network only', disabled },
          ]}
        />
      </Input.Wrapper>
      {part.role === 'server' && verdict && <ServerVerdictNote verdict={verdict} />}
      {part.role !== null && (
        <>
          <TextInput
            label="Kubernetes name"
            description="As kubectl shows it. It cannot be changed later"
            placeholder={nodeName}
            value={part.kubernetesName}
            onChange={(event) => set({ kubernetesName: event.currentTarget.value.trim() })}
            error={faults.kubernetesName}
            disabled={disabled}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
          />
          <LabelField
            label="Kubernetes labels"
            description="Zone and region come from the site"
            value={part.labels}
            onChange={(labels) => set({ labels })}
            error={faults.labels}
            disabled={disabled}
          />
          <TaintField
            value={part.taints}
            onChange={(taints) => set({ taints })}
            error={faults.taints}
            disabled={disabled}
          />
        </>
      )}
    </Stack>
  )
}

const NONE = 'none'

type AboutProps = Pick<Props, 'part' | 'clusterName' | 'whys' | 'isFirst' | 'clusterHref'>

function About({ part, clusterName, whys, isFirst, clusterHref }: AboutProps): ReactNode {
  if (clusterName === undefined) return 'Looking whether the network has a cluster.'
  if (clusterName === null)
    return (
      <>
        This network has no cluster, so there is nothing to join: a server or an agent needs one.{' '}
        <Link href={clusterHref} className={classes.link}>
          Make a cluster
        </Link>
      </>
    )
  const off = [whys.server, whys.agent].filter((why) => why !== null)
  const words =
    part.role === null
      ? `It takes part in the network, not in ${clusterName}.`
      : part.role === 'agent'
        ? `It runs pods of ${clusterName}.`
        : isFirst
          ? `It makes ${clusterName}: its API and its datastore begin here.`
          : `It runs the API of ${clusterName}, its datastore, and pods.`
  return [words, ...off].join(' ')
}
