'use client'

import { Checkbox, NativeSelect, Stack, Textarea, TextInput } from '@mantine/core'
import { COMPONENTS } from '@spanwire/mesh/cluster/cluster-settings'
import type { ReactNode } from 'react'
import type { Settings } from './cluster-detail.ts'
import { Range } from './range-field.tsx'
import classes from './settings-fields.module.css'
import type { SettingsValues } from './settings-values.ts'
import type { SettingsForm } from './use-settings-form.ts'
import { Warnings } from './warnings.tsx'

type Props = { form: SettingsForm; locked: boolean }

/** What has a good default. */
export function AdvancedFields({ form, locked }: Props) {
  const { values, set } = form
  return (
    <>
      <Group title="Components">
        <Checkbox.Group
          label="Left out of k3s"
          description="For what you bring yourself"
          value={values.disable}
          onChange={(disable) => set({ disable: disable as Settings['disable'] })}
          error={form.refusal('disable')}
        >
          <div className={classes.checks}>
            {COMPONENTS.map((component) => (
              <Checkbox key={component} size="sm" value={component} label={component} disabled={locked} />
            ))}
          </div>
        </Checkbox.Group>
        <Check form={form} field="disableNetworkPolicy" label="Without k3s' network policies" locked={locked}>
          For a CNI that has its own
        </Check>
        <Check form={form} field="disableHelmController" label="Without the Helm controller" locked={locked}>
          traefik comes by it
        </Check>
        <Check form={form} field="disableCloudController" label="Without k3s' cloud controller" locked={locked}>
          For a cloud provider’s own; nodes then wait for that one
        </Check>
      </Group>
      <Group title="Network">
        <div className={classes.pair}>
          <Range form={form} field="podRange6" label="Pod range, IPv6" locked={locked}>
            Empty: pods have IPv4 only
          </Range>
          <Range form={form} field="serviceRange6" label="Service range, IPv6" locked={locked}>
            Together with that of pods
          </Range>
          <Text form={form} field="clusterDns" label="DNS address" locked={locked}>
            Empty: the tenth of the service range
          </Text>
          <Text form={form} field="clusterDomain" label="Domain" locked={locked}>
            What names inside end with
          </Text>
        </div>
        <NativeSelect
          label="How the API reaches kubelets and pods"
          description={EGRESS[values.egressSelectorMode]}
          value={values.egressSelectorMode}
          onChange={(event) => set({ egressSelectorMode: event.currentTarget.value as Settings['egressSelectorMode'] })}
          error={form.refusal('egressSelectorMode')}
          disabled={locked}
          data={['agent', 'cluster', 'pod', 'disabled']}
        />
        <Check form={form} field="flannelExternalIp" label="flannel uses external addresses" locked={locked}>
          Past the tunnels, for vxlan only
        </Check>
        <Check form={form} field="flannelIpv6Masq" label="Masquerade IPv6 of pods" locked={locked}>
          For pods that go out by IPv6 from a private range
        </Check>
      </Group>
      <Group title="API and secrets">
        <Lines
          form={form}
          field="tlsSans"
          label="Further names of the API"
          locked={locked}
          placeholder="k3s.example.org"
        >
          In the server’s certificate: names and addresses, one a line
        </Lines>
        <NativeSelect
          label="Secrets in the datastore"
          description="Chosen when the cluster is made; later it is changed on a server by hand"
          value={values.secretsEncryption}
          onChange={(event) => set({ secretsEncryption: event.currentTarget.value as Settings['secretsEncryption'] })}
          error={form.refusal('secretsEncryption')}
          disabled={locked}
          data={[
            { value: 'off', label: 'as they are' },
            { value: 'aescbc', label: 'encrypted, AES-CBC' },
            { value: 'secretbox', label: 'encrypted, secretbox' },
          ]}
        />
      </Group>
      <Group title="Where programs and images come from">
        <div className={classes.pair}>
          <Text form={form} field="installerSource" at="installer" label="Installer" locked={locked}>
            An https address, or a path on the machines
          </Text>
          <Text form={form} field="installerSha256" at={null} label="Its SHA-256" locked={locked}>
            Another script is not run
          </Text>
        </div>
        <Warnings findings={form.warnings('installer')} />
        <Check form={form} field="airGap" label="Air gap" locked={locked}>
          Program and images are on the machines already: nothing is downloaded
        </Check>
        <Lines
          form={form}
          field="registryMirrors"
          label="Registry mirrors"
          locked={locked}
          placeholder="docker.io https://mirror.example.org:5000"
        >
          A registry and its mirrors, one a line
        </Lines>
        <Check form={form} field="embeddedRegistry" label="Nodes share their images" locked={locked}>
          k3s’ embedded registry, for the registries named above
        </Check>
      </Group>
      <Group title="Further arguments of k3s">
        <Lines
          form={form}
          field="extraServer"
          label="Servers"
          locked={locked}
          placeholder="kube-apiserver-arg=audit-log-maxage=7"
        >
          key=value, one a line, as docs.k3s.io spells them
        </Lines>
        <Lines form={form} field="extraAgent" label="Agents" locked={locked} placeholder="kubelet-arg=max-pods=64">
          Servers that run pods take these from their own list
        </Lines>
      </Group>
    </>
  )
}

const EGRESS: Record<Settings['egressSelectorMode'], string> = {
  agent: 'Kubelets by a connection that each agent holds open, as k3s does by itself; pods straight',
  cluster: 'Kubelets and all pods by those connections, with any CNI',
  pod: 'Kubelets and pods by those connections, by the pod range of each node',
  disabled: 'Everything straight through the tunnels of this network',
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes.group}>
      <h2 className={classes.groupTitle}>{title}</h2>
      <Stack gap="md">{children}</Stack>
    </section>
  )
}

/** The fields whose value is one of a kind. */
type FieldOf<Kind> = {
  [Key in keyof SettingsValues]: SettingsValues[Key] extends Kind ? Key : never
}[keyof SettingsValues]

type FieldProps<Field> = Props & { field: Field; label: string; children: ReactNode }

function Check({ form, field, label, locked, children }: FieldProps<FieldOf<boolean>>) {
  return (
    <div>
      <Checkbox
        size="sm"
        label={label}
        description={children}
        checked={form.values[field]}
        onChange={(event) => form.set({ [field]: event.currentTarget.checked })}
        error={form.refusal(field)}
        disabled={locked}
      />
      <Warnings findings={form.warnings(field)} />
    </div>
  )
}

/** `at`: the field that findings name, when it is another; null: they stand elsewhere. */
type TextProps = FieldProps<FieldOf<string>> & { at?: string | null }

function Text({ form, field, label, locked, children, at = field }: TextProps) {
  return (
    <TextInput
      className={classes.mono}
      label={label}
      description={children}
      value={form.values[field]}
      onChange={(event) => form.set({ [field]: event.currentTarget.value })}
      error={at === null ? undefined : form.refusal(at)}
      autoComplete="off"
      spellCheck={false}
      disabled={locked}
    />
  )
}

function Lines({
  form,
  field,
  label,
  locked,
  placeholder,
  children,
}: FieldProps<FieldOf<string>> & { placeholder: string }) {
  return (
    <div>
      <Textarea
        className={classes.mono}
        size="sm"
        label={label}
        description={children}
        placeholder={placeholder}
        autosize
        minRows={2}
        maxRows={10}
        value={form.values[field]}
        onChange={(event) => form.set({ [field]: event.currentTarget.value })}
        error={form.refusal(field)}
        autoComplete="off"
        spellCheck={false}
        disabled={locked}
      />
      <Warnings findings={form.warnings(field)} />
    </div>
  )
}
