'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import { useWhyNot } from '~/trpc/use-role.ts'
import { ActionButton } from '~/ui/action-button.tsx'
import { ConfirmDialog } from '~/ui/confirm-dialog.tsx'
import { RowItem, Rows } from '~/ui/rows.tsx'
import { Section } from '~/ui/section.tsx'
import { SkeletonRows } from '~/ui/skeleton-rows.tsx'
import { count } from '~/ui/units.ts'
import { NO_SITE, SiteForm } from './site-form.tsx'

const SiteGatewaysDialog = dynamic(
  () => import('./site-gateways-dialog.tsx').then((module) => module.SiteGatewaysDialog),
  { ssr: false },
)

type Site = {
  id: string
  name: string
  nodes: number
  zone: string | null
  region: string | null
  zoneLabel: string | null
  gateways: { id: string; name: string }[]
}

export function Sites({ network }: { network: string }) {
  const trpc = useTRPC()
  const cache = useQueryClient()
  const whyNot = useWhyNot('operator')
  const { data: sites } = useQuery(trpc.site.list.queryOptions({ network }))
  const [editing, setEditing] = useState<string | null>(null)
  const [removing, setRemoving] = useState<Site | null>(null)
  const [routing, setRouting] = useState<Site | null>(null)
  const renew = () => cache.invalidateQueries({ queryKey: trpc.site.pathKey() })
  const create = useMutation(trpc.site.create.mutationOptions({ onSuccess: renew }))
  const update = useMutation(
    trpc.site.update.mutationOptions({ onSuccess: () => renew().then(() => setEditing(null)) }),
  )
  const remove = useMutation(
    trpc.site.delete.mutationOptions({ onSuccess: () => renew().then(() => setRemoving(null)) }),
  )

  return (
    <Section
      title="Sites"
      text="A site is a place whose machines share a LAN or a public address: a flat, a rack, a region."
    >
      <SiteForm
        key={sites?.length}
        label="New site"
        verb="Add site"
        initial={NO_SITE}
        why={whyNot}
        busy={create.isPending}
        error={create.error}
        onSubmit={(site) => create.mutate({ networkId: network, ...site })}
      />
      {!sites && <SkeletonRows rows={3} height={52} />}
      {sites && sites.length > 0 && (
        <Rows label="Sites">
          {sites.map((site) =>
            editing === site.id ? (
              <RowItem
                key={site.id}
                title={
                  <SiteForm
                    label={`Name of ${site.name}`}
                    verb="Save"
                    initial={{ name: site.name, zone: site.zone ?? '', region: site.region ?? '' }}
                    why={whyNot}
                    busy={update.isPending}
                    error={update.error}
                    onSubmit={(values) => update.mutate({ id: site.id, ...values })}
                    onCancel={() => setEditing(null)}
                  />
                }
              />
            ) : (
              <RowItem
                key={site.id}
                title={site.name}
                about={about(site)}
                actions={
                  <>
                    <ActionButton
                      size="compact-sm"
                      variant="subtle"
                      why={whyNot}
                      aria-label={`Gateways of ${site.name}`}
                      onClick={() => setRouting(site)}
                    >
                      Gateways
                    </ActionButton>
                    <ActionButton
                      size="compact-sm"
                      variant="subtle"
                      why={whyNot}
                      aria-label={`Edit ${site.name}`}
                      onClick={() => setEditing(site.id)}
                    >
                      Edit
                    </ActionButton>
                    <ActionButton
                      size="compact-sm"
                      variant="subtle"
                      color="bad"
                      why={whyNot}
                      aria-label={`Delete ${site.name}`}
                      onClick={() => setRemoving(site)}
                    >
                      Delete
                    </ActionButton>
                  </>
                }
              />
            ),
          )}
        </Rows>
      )}
      {routing && <SiteGatewaysDialog site={routing} onClose={() => setRouting(null)} />}
      <ConfirmDialog
        opened={removing !== null}
        onClose={() => setRemoving(null)}
        title={`Delete the site ${removing?.name ?? ''}?`}
        verb="Delete site"
        cut={[]}
        note={
          removing && removing.nodes > 0
            ? `Nothing is cut. Its ${count(removing.nodes, 'node')} stay in the network, without a site.`
            : 'Nothing is cut: no node is in it.'
        }
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => removing && remove.mutate({ id: removing.id })}
      />
    </Section>
  )
}

/** How many nodes, and what Kubernetes is told of them. */
function about({ nodes, zoneLabel, region, gateways }: Site): string {
  const place = [zoneLabel && `zone ${zoneLabel}`, region && `region ${region}`].filter(Boolean)
  const through = gateways.length > 0 ? [`through ${gateways.map(({ name }) => name).join(', then ')}`] : []
  return [count(nodes, 'node'), ...place, ...through].join(' · ')
}
