'use client'

import { ActionButton } from '~/ui/action-button.tsx'
import { Ago } from '~/ui/ago.tsx'
import { Mono } from '~/ui/mono.tsx'
import { RowItem } from '~/ui/rows.tsx'
import { StatusMark } from '~/ui/status-mark.tsx'
import { formatBytes } from '~/ui/units.ts'
import classes from './device-item.module.css'
import type { DeviceRow } from './device-row.ts'

type Props = { device: DeviceRow; onShow: () => void; onRevoke: () => void }

/** A device: what its gateway sees of it, whose it is, how long it may. */
export function DeviceItem({ device, onShow, onRevoke }: Props) {
  const active = device.state === 'active'
  const counted = active && device.rxBytes !== null && device.rxBytes + (device.txBytes ?? 0) > 0
  return (
    <RowItem
      quiet={!active}
      title={
        <>
          {device.name} <Mono copy>{device.address4}</Mono>
        </>
      }
      about={
        <>
          {!device.mine && `${device.owner} · `}added <Ago at={device.createdAt} />
          {active && (
            <>
              {' · '}
              {device.expiresAt ? (
                <>
                  ends <Ago at={device.expiresAt} />
                </>
              ) : (
                'no end'
              )}
            </>
          )}
          {device.endpoint && active && (
            <>
              {' · from '}
              <Mono copy>{device.endpoint}</Mono>
            </>
          )}
        </>
      }
      state={
        <span className={classes.state}>
          <span className={classes.marked}>
            <StatusMark status={device.status} />
            <span className={classes.text}>{device.text}</span>
          </span>
          {device.fileChanges.length > 0 && (
            <span className={classes.marked}>
              <StatusMark status="warn" />
              <span className={classes.text}>Its file is old: {device.fileChanges.join('; ')}</span>
            </span>
          )}
          {counted && (
            <span className={classes.bytes} title="As its gateway counts">
              {formatBytes(device.rxBytes)} sent, {formatBytes(device.txBytes)} received
            </span>
          )}
        </span>
      }
      actions={
        active && (
          <>
            <ActionButton
              size="compact-sm"
              variant="subtle"
              aria-label={
                device.fileChanges.length > 0 ? `Update its file: ${device.name}` : `Configuration of ${device.name}`
              }
              onClick={onShow}
            >
              {device.fileChanges.length > 0 ? 'Update its file' : 'Configuration'}
            </ActionButton>
            <ActionButton
              size="compact-sm"
              variant="subtle"
              color="bad"
              aria-label={`Revoke ${device.name}`}
              onClick={onRevoke}
            >
              Revoke
            </ActionButton>
          </>
        )
      }
    />
  )
}
