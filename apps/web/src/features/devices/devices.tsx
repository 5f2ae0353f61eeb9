'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import { ActionButton } from '~/ui/action-button.tsx'
import { useCommands } from '~/ui/commands.tsx'
import { ConfirmDialog } from '~/ui/confirm-dialog.tsx'
import { Empty } from '~/ui/empty.tsx'
import { ErrorPanel } from '~/ui/error-panel.tsx'
import { Page } from '~/ui/page.tsx'
import { Rows } from '~/ui/rows.tsx'
import { say } from '~/ui/say.ts'
import { SkeletonRows } from '~/ui/skeleton-rows.tsx'
import { DeviceItem } from './device-item.tsx'
import type { DeviceRow } from './device-row.ts'

const AddDevice = dynamic(() => import('./add-device.tsx').then((module) => module.AddDevice), { ssr: false })
const ConfigDialog = dynamic(() => import('./config-dialog.tsx').then((module) => module.ConfigDialog), { ssr: false })

const LEAD = 'Laptops and phones that reach this network with the WireGuard app.'

/** What grows old stops being green by being asked again. */
const RENEW_MS = 10_000

/** How do I get in with my laptop? */
export function Devices({ network }: { network: string }) {
  const trpc = useTRPC()
  const cache = useQueryClient()
  const { data: settings } = useQuery(trpc.network.get.queryOptions({ id: network }))
  const query = useQuery(trpc.device.list.queryOptions({ networkId: network }, { refetchInterval: RENEW_MS }))
  const [adding, setAdding] = useState(false)
  const [revoking, setRevoking] = useState<DeviceRow | null>(null)
  const [showing, setShowing] = useState<DeviceRow | null>(null)
  const revoke = useMutation(
    trpc.device.revoke.mutationOptions({
      onSuccess: async ({ name }) => {
        setRevoking(null)
        say(`${name} is revoked.`)
        await cache.invalidateQueries({ queryKey: trpc.device.pathKey() })
      },
    }),
  )
  const whyNot =
    settings?.counts.gateways === 0 ? 'No gateway has joined this network yet: a device connects to one.' : null
  const open = () => whyNot === null && setAdding(true)
  useCommands([{ id: 'add-device', label: 'Add device', group: 'This network', keys: 'c', run: open }])
  const devices = query.data && activeFirst(query.data)
  const name = settings?.name ?? ''

  return (
    <Page
      title="Devices"
      lead={LEAD}
      actions={
        <ActionButton why={whyNot} onClick={open}>
          Add device
        </ActionButton>
      }
    >
      {query.isError && !devices && (
        <ErrorPanel title="The devices could not be read" error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.isPending && <SkeletonRows rows={4} height={64} />}
      {devices?.length === 0 && (
        <Empty
          title="No device yet"
          text="Its key is made in this browser; the app takes the rest from a file or a code. Each device belongs to the person who added it."
          action={
            <ActionButton why={whyNot} onClick={open}>
              Add device
            </ActionButton>
          }
        />
      )}
      {devices && devices.length > 0 && (
        <Rows label="Devices">
          {devices.map((device) => (
            <DeviceItem
              key={device.id}
              device={device}
              onShow={() => setShowing(device)}
              onRevoke={() => setRevoking(device)}
            />
          ))}
        </Rows>
      )}
      {adding && <AddDevice network={network} networkName={name} onClose={() => setAdding(false)} />}
      {showing && <ConfigDialog device={showing} networkName={name} onClose={() => setShowing(null)} />}
      <ConfirmDialog
        opened={revoking !== null}
        onClose={() => setRevoking(null)}
        title={`Revoke ${revoking?.name ?? ''}?`}
        verb="Revoke device"
        cut={[`Its tunnel to the gateway, and with it everything that ${revoking?.name ?? 'it'} reaches here`]}
        note="It cannot come back with this key: add it again to let it in."
        busy={revoke.isPending}
        error={revoke.error}
        onConfirm={() => revoking && revoke.mutate({ id: revoking.id })}
      />
    </Page>
  )
}

const activeFirst = (devices: readonly DeviceRow[]): DeviceRow[] =>
  devices.toSorted((a, b) => Number(b.state === 'active') - Number(a.state === 'active'))
