'use client'

import { Collapse, Input, SegmentedControl, Stack, TextInput, UnstyledButton } from '@mantine/core'
import { IconChevronRight } from '@tabler/icons-react'
import { useId, useState } from 'react'
import { AdvancedFields } from './advanced-fields.tsx'
import type { Settings } from './cluster-detail.ts'
import { isAdvancedTold } from './field-findings.ts'
import { Range } from './range-field.tsx'
import classes from './settings-fields.module.css'
import type { SettingsForm } from './use-settings-form.ts'
import { Warnings } from './warnings.tsx'

type Props = {
  form: SettingsForm
  locked: boolean
  /** a cluster that stands already: it has an address of its datastore, and what cannot be changed any more */
  existing?: boolean
}

/** What a cluster is, with what stands in the way beside each field; the rest folded away until it is wanted, or wrong. */
export function SettingsFields({ form, locked, existing }: Props) {
  const { values, set, refusal, warnings } = form
  const [unfolded, setUnfolded] = useState(false)
  const open = unfolded || isAdvancedTold(form.findings)
  const advanced = useId()
  const plain = { autoComplete: 'off', spellCheck: false, disabled: locked }
  return (
    <Stack gap="md">
      <div>
        <TextInput
          label="Name"
          description="Short, lower case. It stands in kubeconfig files"
          value={values.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
          error={refusal('name')}
          {...plain}
        />
        <Warnings findings={warnings('name')} />
      </div>
      <Release form={form} locked={locked} />
      <Choice
        label="Pod network"
        value={values.flannelBackend}
        onChange={(flannelBackend) => set({ flannelBackend })}
        options={[
          ['host-gw', 'host-gw'],
          ['vxlan', 'vxlan'],
          ['none', 'None'],
        ]}
        about={BACKENDS[values.flannelBackend]}
        form={form}
        field="flannelBackend"
        locked={locked}
      />
      <Choice
        label="Datastore"
        value={values.datastore}
        onChange={(datastore) => set({ datastore })}
        options={[
          ['sqlite', 'SQLite'],
          ['etcd', 'Embedded etcd'],
          ['external', 'External'],
        ]}
        about={DATASTORES[values.datastore]}
        form={form}
        field="datastore"
        locked={locked}
      />
      {values.datastore === 'external' && (
        <TextInput
          className={classes.mono}
          label="Address of the datastore"
          description={
            existing
              ? 'Kept encrypted, and never shown again. Leave it empty to keep it'
              : 'Kept encrypted, and never shown again'
          }
          placeholder="postgres://user:password@host:5432/database"
          value={values.datastoreEndpoint}
          onChange={(event) => set({ datastoreEndpoint: event.currentTarget.value.trim() })}
          error={form.refusal('datastoreEndpoint')}
          {...plain}
        />
      )}
      <div className={classes.pair}>
        <Range form={form} field="podRange4" label="Pod range" locked={locked}>
          IPv4. Each node gets a /24 of it
        </Range>
        <Range form={form} field="serviceRange4" label="Service range" locked={locked}>
          IPv4. Addresses of Services
        </Range>
      </div>
      <UnstyledButton
        className={classes.fold}
        aria-expanded={open}
        aria-controls={advanced}
        onClick={() => setUnfolded(!open)}
      >
        <IconChevronRight size={16} aria-hidden />
        Advanced
      </UnstyledButton>
      <Collapse expanded={open} id={advanced} transitionDuration={100}>
        <div className={classes.inner}>{open && <AdvancedFields form={form} locked={locked} />}</div>
      </Collapse>
    </Stack>
  )
}

const BACKENDS: Record<Settings['flannelBackend'], string> = {
  'host-gw': 'Pods travel in the tunnels as they are: no second wrapping, no smaller MTU.',
  vxlan: 'Each packet of a pod is wrapped once more inside the tunnel. For what does not work without.',
  none: 'No flannel: you bring another CNI. Nodes are not Ready before it runs.',
}

const DATASTORES: Record<Settings['datastore'], string> = {
  sqlite: 'A file on the one server. Simple, and that server must be there.',
  etcd: 'On the servers themselves: three of them bear the loss of one. They should stand near each other.',
  external: 'PostgreSQL, MySQL or etcd of your own; any number of servers.',
}

type ChoiceProps<Value extends string> = {
  label: string
  value: Value
  onChange: (value: Value) => void
  options: readonly (readonly [Value, string])[]
  about: string
  form: SettingsForm
  field: string
  locked: boolean
}

function Choice<Value extends string>(props: ChoiceProps<Value>) {
  const { label, value, onChange, options, about, form, field, locked } = props
  const id = useId()
  return (
    <div>
      <Input.Wrapper
        labelElement="div"
        label={<span id={id}>{label}</span>}
        description={about}
        error={form.refusal(field)}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
      >
        <SegmentedControl
          fullWidth
          mb={6}
          aria-labelledby={id}
          value={value}
          onChange={(next) => onChange(next as Value)}
          disabled={locked}
          data={options.map(([option, words]) => ({ value: option, label: words }))}
        />
      </Input.Wrapper>
      <Warnings findings={form.warnings(field)} />
    </div>
  )
}

function Release({ form, locked }: { form: SettingsForm; locked: boolean }) {
  const { values, set, refusal, warnings } = form
  const label = useId()
  const isChannel = values.releaseKind === 'channel'
  return (
    <div>
      <Input.Wrapper
        labelElement="div"
        label={<span id={label}>k3s</span>}
        description={
          isChannel
            ? 'The newest of a channel when a machine joins: stable, latest, or a minor like v1.33'
            : 'This very release on every machine'
        }
        error={refusal('release')}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
      >
        <div className={classes.release}>
          <SegmentedControl
            aria-labelledby={label}
            value={values.releaseKind}
            onChange={(releaseKind) => set({ releaseKind: releaseKind as 'channel' | 'version' })}
            disabled={locked}
            data={[
              { value: 'channel', label: 'Channel' },
              { value: 'version', label: 'Release' },
            ]}
          />
          <TextInput
            className={classes.mono}
            aria-label={isChannel ? 'Channel' : 'Release'}
            placeholder={isChannel ? 'stable' : 'v1.33.4+k3s1'}
            value={isChannel ? values.channel : values.version}
            onChange={(event) => {
              const text = event.currentTarget.value.trim()
              set(isChannel ? { channel: text } : { version: text })
            }}
            error={refusal('release') !== null}
            autoComplete="off"
            spellCheck={false}
            disabled={locked}
          />
        </div>
      </Input.Wrapper>
      <Warnings findings={warnings('release')} />
    </div>
  )
}
