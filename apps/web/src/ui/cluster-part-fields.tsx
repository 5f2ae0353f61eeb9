'use client'

import { Input, SegmentedControl, Stack, TagsInput, TextInput } from '@mantine/core'
import Link from 'next/link'
import { type ReactNode, useId, useState } from 'react'
import { type ClusterPart, NO_PART, type PartFaults, partFaults, type RoleWhys } from './cluster-part.ts'
import classes from './cluster-part-fields.module.css'
import { LabelField } from './label-field.tsx'
import { ServerVerdictNote, type Verdict } from './server-verdict-note.tsx'

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

type TaintProps = { value: string[]; onChange: (taints: string[]) => void; error?: string | null; disabled?: boolean }

/** Taints as chips. What is no taint stays in the field, with the reason under it. */
function TaintField({ value, onChange, error, disabled }: TaintProps) {
  const [typed, setTyped] = useState('')
  const [fault, setFault] = useState<string | null>(null)
  return (
    <TagsInput
      label="Taints"
      description="Pods keep off unless they tolerate it"
      size="sm"
      placeholder={value.length === 0 ? 'edge=true:NoSchedule' : undefined}
      value={value}
      onChange={(taints) => {
        const added = taints.filter((taint) => !value.includes(taint))
        const wrong = partFaults({ ...NO_PART, role: 'agent', taints: added }).taints
        setFault(wrong ?? null)
        if (wrong) return setTyped(added[0] ?? '')
        onChange(taints)
      }}
      searchValue={typed}
      onSearchChange={(text) => {
        setTyped(text)
        setFault(null)
      }}
      acceptValueOnBlur
      splitChars={[',', ' ']}
      error={fault ?? error}
      disabled={disabled}
      clearable={false}
      autoCapitalize="off"
      spellCheck={false}
    />
  )
}
