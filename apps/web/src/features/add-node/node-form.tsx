'use client'

import { Checkbox, Collapse, Input, SegmentedControl, Stack, TextInput, UnstyledButton } from '@mantine/core'
import { IconChevronRight } from '@tabler/icons-react'
import dynamic from 'next/dynamic'
import { useId, useState } from 'react'
import { useKnownTags } from '~/trpc/use-known-tags.ts'
import { useSites } from '~/trpc/use-sites.ts'
import { EndpointField } from '~/ui/endpoint-field.tsx'
import { FieldGhost } from '~/ui/field-ghost.tsx'
import { paths } from '~/ui/paths.ts'
import type { Role } from './draft.ts'
import classes from './node-form.module.css'
import type { DraftForm } from './use-draft.ts'
import type { LineOptions } from './use-line-options.ts'
import type { PartForm } from './use-part.ts'

// All are pickers with scripts of their own, and the line does not wait for them.
const SiteSelect = dynamic(() => import('~/ui/site-select.tsx').then((module) => module.SiteSelect), {
  ssr: false,
  loading: () => <FieldGhost label="Site" />,
})
const LabelField = dynamic(() => import('~/ui/label-field.tsx').then((module) => module.LabelField), {
  ssr: false,
  loading: () => <FieldGhost label="Labels" />,
})
const TagField = dynamic(() => import('~/ui/tag-field.tsx').then((module) => module.TagField), {
  ssr: false,
  loading: () => <FieldGhost label="Tags" />,
})
const ClusterPartFields = dynamic(
  () => import('~/ui/cluster-part-fields.tsx').then((module) => module.ClusterPartFields),
  { ssr: false, loading: () => <FieldGhost label="In Kubernetes" /> },
)

type Props = {
  network: string
  listenPort: number
  form: DraftForm
  part: PartForm
  options: LineOptions
  /** the network has no gateway yet: this one must be it */
  isFirst: boolean
  /** the person may look only */
  locked: boolean
}

/** What the machine is to be. Every change is saved by itself. */
export function NodeForm({ network, listenPort, form, part, options, isFirst, locked }: Props) {
  const { draft, set, faults } = form
  const { sites, createSite } = useSites(network)
  const known = useKnownTags(network)
  const role = useId()
  return (
    <Stack gap="md" component="form" role="form" aria-label="The node" onSubmit={(event) => event.preventDefault()}>
      <TextInput
        label="Name"
        description="Other nodes find it by this name"
        value={draft.name}
        onChange={(event) => set({ name: event.currentTarget.value.trim() })}
        error={faults.name}
        disabled={locked}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
      />
      <Input.Wrapper
        labelElement="div"
        label={<span id={role}>Role</span>}
        description={isFirst ? FIRST : ROLE_WORDS[draft.role]}
        error={faults.role}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
      >
        <SegmentedControl
          fullWidth
          mb={6}
          aria-labelledby={role}
          value={draft.role}
          onChange={(value) => set({ role: value as Role })}
          data={[
            { value: 'member', label: 'Member', disabled: isFirst || locked },
            { value: 'gateway', label: 'Gateway', disabled: locked },
          ]}
        />
      </Input.Wrapper>
      {draft.role === 'gateway' && (
        <EndpointField
          value={draft.endpoint}
          onChange={(endpoint) => set({ endpoint })}
          defaultPort={listenPort}
          description={`Where others reach it by UDP. Open port ${portOf(draft.endpoint, listenPort)} in its cloud firewall or router`}
          error={faults.endpoint}
          disabled={locked}
        />
      )}
      <SiteSelect
        sites={sites}
        value={draft.siteId}
        onChange={(siteId) => set({ siteId })}
        onCreate={createSite}
        description="Machines that share a LAN or a public address"
        error={faults.siteId}
        disabled={locked}
      />
      <LabelField
        value={draft.labels}
        onChange={(labels) => set({ labels })}
        description="Type key=value, then Enter"
        error={faults.labels}
        disabled={locked}
      />
      <TagField
        value={draft.tags}
        onChange={(tags) => set({ tags })}
        known={known}
        error={faults.tags}
        disabled={locked}
      />
      <ClusterPartFields {...part} nodeName={draft.name} clusterHref={paths.makeCluster(network)} disabled={locked} />
      {!locked && <Options options={options} />}
    </Stack>
  )
}

const FIRST =
  'The first node of a network must be a gateway: the others reach each other through it, so it needs one UDP port that they can reach.'

const ROLE_WORDS: Record<Role, string> = {
  member: 'Behind any NAT or firewall. It calls the gateway; nothing has to be opened.',
  gateway: 'Reachable on one UDP port. It carries the traffic of those who cannot reach each other.',
}

function Options({ options }: { options: LineOptions }) {
  const chosen = options.packages || options.fix
  const [unfolded, setOpen] = useState<boolean | null>(null)
  const open = unfolded ?? chosen
  const id = useId()
  return (
    <div>
      <UnstyledButton className={classes.fold} aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
        <IconChevronRight size={16} aria-hidden />
        What the line may do on the machine
        {!open && chosen && (
          <span className={classes.chosen}>{[options.packages, options.fix].filter(Boolean).length} chosen</span>
        )}
      </UnstyledButton>
      <Collapse expanded={open} id={id} transitionDuration={100}>
        <Stack gap="sm" pt="xs">
          <Checkbox
            size="sm"
            label="Install packages"
            description="What is missing of wireguard-tools, nftables and the like, by the machine's own package manager"
            checked={options.packages}
            onChange={(event) => options.setPackages(event.currentTarget.checked)}
          />
          <Checkbox
            size="sm"
            label="Open the host firewall"
            description="Adds one marked rule where the machine's own firewall would drop the overlay (--fix); leaving takes it away"
            checked={options.fix}
            onChange={(event) => options.setFix(event.currentTarget.checked)}
          />
        </Stack>
      </Collapse>
    </div>
  )
}

function portOf(endpoint: string, listenPort: number): string {
  return /:(\d+)$/.exec(endpoint)?.[1] ?? String(listenPort)
}
