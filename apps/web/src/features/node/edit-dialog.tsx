'use client'

import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { parseNodeName } from '@spanwire/mesh/names/parse-node-name'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTRPC } from '~/trpc/client.tsx'
import { useKnownTags } from '~/trpc/use-known-tags.ts'
import { useSites } from '~/trpc/use-sites.ts'
import { endpointFault } from '~/ui/endpoint-fault.ts'
import { EndpointField } from '~/ui/endpoint-field.tsx'
import { errorWords } from '~/ui/error-words.ts'
import { fieldProblem } from '~/ui/field-problem.ts'
import { LabelField } from '~/ui/label-field.tsx'
import { Notice } from '~/ui/notice.tsx'
import { say } from '~/ui/say.ts'
import { SiteSelect } from '~/ui/site-select.tsx'
import { TagField } from '~/ui/tag-field.tsx'
import type { NodeDetail } from './node-detail.ts'
import { changesOf, type NodeValues, valuesOf } from './node-values.ts'

/** WireGuard's own, until the network has said which it uses. */
const USUAL_PORT = 51820

/** Name, labels, tags, site, endpoint. Only what was changed is sent. */
export function EditDialog({ node, onClose }: { node: NodeDetail; onClose: () => void }) {
  const trpc = useTRPC()
  const cache = useQueryClient()
  const { sites, createSite } = useSites(node.networkId)
  const { data: network } = useQuery(trpc.network.get.queryOptions({ id: node.networkId }))
  const tags = useKnownTags(node.networkId)
  const isGateway = node.role === 'gateway'
  const form = useForm<NodeValues>({
    initialValues: valuesOf(node),
    validateInputOnBlur: true,
    validate: {
      name: (name) => fieldProblem(parseNodeName(name)),
      endpoint: (endpoint) => (isGateway ? endpointFault(endpoint) : null),
    },
  })
  const update = useMutation(
    trpc.node.update.mutationOptions({
      onSuccess: async () => {
        await cache.invalidateQueries({ queryKey: trpc.node.pathKey() })
        say(`${form.values.name} is changed.`)
        onClose()
      },
    }),
  )
  const submit = form.onSubmit((values) => {
    const changes = changesOf(node, values)
    if (Object.keys(changes).length === 0) return onClose()
    update.mutate({ id: node.id, ...changes })
  })
  const endpointChanges = isGateway && form.values.endpoint !== (node.endpoint ?? '') && node.state !== 'invited'
  return (
    <Modal opened onClose={onClose} title={`Edit ${node.name}`}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <TextInput
            label="Name"
            description="Other nodes find it by this name"
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            data-autofocus
            {...form.getInputProps('name')}
          />
          {isGateway && (
            <EndpointField
              value={form.values.endpoint}
              onChange={(endpoint) => form.setFieldValue('endpoint', endpoint)}
              defaultPort={network?.listenPort ?? USUAL_PORT}
              description="Where others reach it by UDP"
              error={form.errors.endpoint as string | undefined}
            />
          )}
          {endpointChanges && (
            <Notice status="warn">
              Every member is told to call the gateway there. A tunnel that is alive goes on; a new one needs the port
              to be open.
            </Notice>
          )}
          <SiteSelect
            sites={sites}
            value={form.values.siteId}
            onChange={(siteId) => form.setFieldValue('siteId', siteId)}
            onCreate={createSite}
          />
          <LabelField
            description="Type key=value, then Enter"
            value={form.values.labels}
            onChange={(labels) => form.setFieldValue('labels', labels)}
          />
          <TagField
            value={form.values.tags}
            onChange={(next) => form.setFieldValue('tags', next)}
            known={tags}
            error={fieldOf(update.error) === 'tags' ? errorWords(update.error).text : null}
          />
          {update.error && (
            <Notice status="bad">
              {errorWords(update.error).text} {errorWords(update.error).fix}
            </Notice>
          )}
        </Stack>
        <Group justify="flex-end" gap="xs" mt="lg">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={update.isPending}>
            Save
          </Button>
        </Group>
      </form>
    </Modal>
  )
}

const fieldOf = (error: unknown) => (error as { data?: { field?: string | null } } | null)?.data?.field
