'use client'

import { IconSelector } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import classes from './network-switch.module.css'

const load = () => import('./network-finder.tsx').then((module) => module.NetworkFinder)
const NetworkFinder = dynamic(load, { ssr: false })

/** Which network this is; opened, type to find another. */
export function NetworkSwitch({ network }: { network: string | undefined }) {
  const trpc = useTRPC()
  const [opened, setOpened] = useState(false)
  const { data: me } = useQuery(trpc.me.get.queryOptions({}))
  const { data: current } = useQuery(
    trpc.network.get.queryOptions({ id: network ?? '' }, { enabled: Boolean(network) }),
  )
  const name = network ? (current?.name ?? ' ') : 'All networks'

  return (
    <div className={classes.switch}>
      <span className={classes.organization}>{me?.organization.name ?? ' '}</span>
      <span className={classes.slash} aria-hidden>
        /
      </span>
      <div className={classes.anchor}>
        <button
          type="button"
          className={classes.target}
          aria-haspopup="listbox"
          aria-expanded={opened}
          aria-label={`${name}: switch network`}
          onPointerEnter={() => void load()}
          onFocus={() => void load()}
          onClick={() => setOpened(!opened)}
        >
          <span>{name}</span>
          <IconSelector size={14} stroke={1.8} aria-hidden />
        </button>
        {opened && <NetworkFinder network={network} onClose={() => setOpened(false)} />}
      </div>
    </div>
  )
}
