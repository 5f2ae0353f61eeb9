'use client'

import { Button, Group, Modal, MultiSelect, Stack } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import { LabelField } from '~/ui/label-field.tsx'
import type { Labels } from '~/ui/parse-labels.ts'
import { count } from '~/ui/units.ts'
import { splitByAction } from './bulk.ts'
import { BulkNote } from './bulk-note.tsx'
import type { NodeRow } from './node-row.ts'
import { relabelled } from './relabelled.ts'
import { useBulk } from './use-bulk.ts'

type Props = { nodes: readonly NodeRow[]; onClose: () => void; onDone: () => void }

/** Labels put on and taken off many nodes; their other labels stay. */
export function RelabelDialog({ nodes, onClose, onDone }: Props) {
  const split = splitByAction('relabel', nodes)
  const bulk = useBulk(nodes, onDone)
  const { mutateAsync: update } = useMutation(useTRPC().node.update.mutationOptions())
  const [put, setPut] = useState<Labels>({})
  const [taken, setTaken] = useState<string[]>([])
  const keys = [...new Set(split.able.flatMap((node) => Object.keys(node.labels)))].toSorted()
  const nothing = Object.keys(put).length === 0 && taken.length === 0
  return (
    <Modal opened onClose={onClose} title={`Relabel ${count(split.able.length, 'node')}`}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (nothing) return
          void bulk.run(split.able, 'relabelled', (node) =>
            update({ id: node.id, labels: relabelled(node.labels, put, taken) }),
          )
        }}
      >
        <Stack gap="md">
          <LabelField
            first
            label="Put on"
            description="Type key=value, then Enter. A key that a node has already gets the new value"
            value={put}
            onChange={setPut}
          />
          <MultiSelect
            label="Take off"
            description={keys.length === 0 ? 'None of them has a label' : undefined}
            data={keys}
            value={taken}
            onChange={setTaken}
            disabled={keys.length === 0}
            searchable
            size="sm"
          />
        </Stack>
        <BulkNote split={split} failures={bulk.failures} />
        <Group justify="flex-end" gap="xs" mt="lg">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            loading={bulk.busy}
            disabled={nothing}
            title={nothing ? 'Put a label on or take one off first' : undefined}
          >
            Relabel {count(split.able.length, 'node')}
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
