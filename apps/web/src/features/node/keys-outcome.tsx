'use client'

import Link from 'next/link'
import { Ago, useNow } from '~/ui/ago.tsx'
import { Notice } from '~/ui/notice.tsx'
import { paths } from '~/ui/paths.ts'
import { numbered } from './key-words.ts'
import type { NodeDetail } from './node-detail.ts'
import type { Rotation } from './rotation.ts'

/** Whoever waited for it reads how it ended; later it is in the activity. */
const RECENT_MS = 10 * 60_000

/** How a rotation ended. One that went back or was refused is said until the next one. */
export function KeysOutcome({ node, rotation, devices }: { node: NodeDetail; rotation: Rotation; devices: number }) {
  const now = useNow()
  const { state, endedAt, text } = rotation
  if (endedAt === null) return null
  if (state === 'returned') {
    return (
      <Notice status="warn">
        {text} That was <Ago at={endedAt} />. Nothing was lost by it: see that a tunnel of it is alive, then rotate the
        keys again.
      </Notice>
    )
  }
  if (state === 'refused') {
    return (
      <Notice status="warn">
        {text} That was <Ago at={endedAt} />. No peer was told of it: rotate the keys again, and it makes others. If
        those are refused too, look at its machine, whose <code>wg</code> makes what WireGuard cannot use.
      </Notice>
    )
  }
  if (now === null || now - Date.parse(endedAt) > RECENT_MS) return null
  if (state === 'stopped') {
    return (
      <Notice status="info">
        {text} That was <Ago at={endedAt} />.
      </Notice>
    )
  }
  return (
    <Notice status={devices > 0 ? 'warn' : 'good'}>
      Its keys were rotated <Ago at={endedAt} />.
      {devices > 0 && (
        <>
          {' '}
          {numbered(devices, 'laptop or phone needs', 'laptops and phones need')} a new file:{' '}
          <Link href={paths.devices(node.networkId)}>open Devices</Link>.
        </>
      )}
    </Notice>
  )
}
