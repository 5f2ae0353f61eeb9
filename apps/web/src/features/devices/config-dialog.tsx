'use client'

import { Button, Group } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '~/trpc/client.tsx'
import { Dialog } from '~/ui/dialog.tsx'
import { ErrorPanel } from '~/ui/error-panel.tsx'
import { ShownOnce } from '~/ui/shown-once.tsx'
import { SkeletonRows } from '~/ui/skeleton-rows.tsx'
import classes from './config-dialog.module.css'
import { configText, KEY_ON_DEVICE } from './config-text.ts'
import type { DeviceRow } from './device-row.ts'

type Props = { device: DeviceRow; networkName: string; onClose: () => void }

/** What a device is to hold now, for when its gateway has moved. Its key is not here: only the device has it. */
export function ConfigDialog({ device, networkName, onClose }: Props) {
  const config = useQuery(useTRPC().device.config.queryOptions({ id: device.id }, { staleTime: 0 }))
  return (
    <Dialog opened onClose={onClose} title={`Configuration of ${device.name}`} size="lg">
      <p className={classes.note}>
        As it should be now, without its private key: that one is on the device and nowhere else. A device that is lost
        or set up anew is added again.
      </p>
      {config.isPending && <SkeletonRows rows={4} height={32} />}
      {config.isError && (
        <ErrorPanel
          title="The configuration could not be read"
          error={config.error}
          onRetry={() => void config.refetch()}
        />
      )}
      {config.data && (
        <ShownOnce
          text={configText(config.data, KEY_ON_DEVICE, { device: device.name, network: networkName })}
          what="the configuration"
        />
      )}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
      </Group>
    </Dialog>
  )
}
