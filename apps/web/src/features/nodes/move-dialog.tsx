'use client'

import { Button, Group, Modal } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import { useSites } from '~/trpc/use-sites.ts'
import { SiteSelect } from '~/ui/site-select.tsx'
import { count } from '~/ui/units.ts'
import { splitByAction } from './bulk.ts'
import { BulkNote } from './bulk-note.tsx'
import type { NodeRow } from './node-row.ts'
import { useBulk } from './use-bulk.ts'

type Props = { network: string; nodes: readonly NodeRow[]; onClose: () => void; onDone: () => void }

/** Many nodes to one site, or to none. */
export function MoveDialog({ network, nodes, onClose, onDone }: Props) {
  const split = splitByAction('site', nodes)
  const bulk = useBulk(nodes, onDone)
  const { sites, createSite } = useSites(network)
  const { mutateAsync: update } = useMutation(useTRPC().node.update.mutationOptions())
  const [site, setSite] = useState<string | null>(null)
  const name = sites.find((each) => each.id === site)?.name
  return (
    <Modal opened onClose={onClose} title={`Move ${count(split.able.length, 'node')} to a site`}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void bulk.run(split.able, name ? `moved to ${name}` : 'taken out of their site', (node) =>
            update({ id: node.id, siteId: site }),
          )
        }}
      >
        <SiteSelect
          sites={sites}
          value={site}
          onChange={setSite}
          onCreate={createSite}
          description="Left empty, they belong to no site"
        />
        <BulkNote split={split} failures={bulk.failures} />
        <Group justify="flex-end" gap="xs" mt="lg">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={bulk.busy}>
            {name
              ? `Move ${count(split.able.length, 'node')}`
              : `Take ${count(split.able.length, 'node')} out of sites`}
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
