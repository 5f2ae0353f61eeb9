'use client'

import { Button, Group, Stack } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTRPC } from '~/trpc/client.tsx'
import { Dialog } from '~/ui/dialog.tsx'
import { ErrorPanel } from '~/ui/error-panel.tsx'
import { errorWords } from '~/ui/error-words.ts'
import { Notice } from '~/ui/notice.tsx'
import { say } from '~/ui/say.ts'
import { ShownOnce } from '~/ui/shown-once.tsx'
import { SkeletonRows } from '~/ui/skeleton-rows.tsx'
import classes from './config-dialog.module.css'
import { configText, KEY_ON_DEVICE, peerText } from './config-text.ts'
import type { DeviceRow } from './device-row.ts'

type Props = { device: DeviceRow; networkName: string; onClose: () => void }

/** What a device is to hold now, for when its gateway has moved. Its key is not here: only the device has it. */
export function ConfigDialog({ device, networkName, onClose }: Props) {
  const trpc = useTRPC()
  const cache = useQueryClient()
  const config = useQuery(trpc.device.config.queryOptions({ id: device.id }, { staleTime: 0 }))
  const confirm = useMutation(
    trpc.device.confirmFile.mutationOptions({
      onSuccess: async () => {
        say(`The file of ${device.name} is as it should be.`)
        onClose()
        await cache.invalidateQueries({ queryKey: trpc.device.pathKey() })
      },
      // What it should have is another by now.
      onError: () => cache.invalidateQueries({ queryKey: trpc.device.pathKey() }),
    }),
  )
  const isOld = device.fileChanges.length > 0
  return (
    <Dialog opened onClose={onClose} title={`Configuration of ${device.name}`} size="lg">
      <Stack gap="sm">
        {isOld ? (
          <Notice status="warn">
            <p>Its file is from before this changed: {device.fileChanges.join('; ')}.</p>
            <p>
              Open the tunnel in its app, or the file on it, and put these lines in the place of those that are there.
              Its private key stays.
            </p>
          </Notice>
        ) : (
          <p className={classes.note}>
            As it should be now, without its private key: that one is on the device and nowhere else. A device that is
            lost or set up anew is added again.
          </p>
        )}
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
            text={
              isOld
                ? peerText(config.data)
                : configText(config.data, KEY_ON_DEVICE, { device: device.name, network: networkName })
            }
            what={isOld ? 'the lines' : 'the configuration'}
          />
        )}
        {config.data && isOld && (
          <p className={classes.note}>
            Under [Interface]: Address = {config.data.addresses.join(', ')} and MTU = {config.data.mtu}.
          </p>
        )}
        {confirm.error && (
          <Notice status="bad">
            {errorWords(confirm.error).text} {errorWords(confirm.error).fix}
          </Notice>
        )}
      </Stack>
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        {config.data && isOld && (
          <Button loading={confirm.isPending} onClick={() => confirm.mutate({ id: device.id, config: config.data })}>
            The device has them
          </Button>
        )}
      </Group>
    </Dialog>
  )
}
