'use client'

import { useQuery } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import classes from './account-menu.module.css'

const load = () => import('./account-items.tsx').then((module) => module.AccountItems)
const AccountItems = dynamic(load, { ssr: false })

export function AccountMenu() {
  const { data: me } = useQuery(useTRPC().me.get.queryOptions({}))
  const [opened, setOpened] = useState(false)
  const short = initials(me?.user.name ?? '')
  return (
    <div className={classes.anchor}>
      <button
        type="button"
        className={classes.target}
        aria-label={`${short}: account`}
        aria-haspopup="menu"
        aria-expanded={opened}
        onPointerEnter={() => void load()}
        onFocus={() => void load()}
        onClick={() => setOpened(!opened)}
      >
        {short}
      </button>
      {opened && me && <AccountItems me={me} onClose={() => setOpened(false)} />}
    </div>
  )
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  return ((words[0]?.[0] ?? '') + (words.length > 1 ? (words.at(-1)?.[0] ?? '') : '')).toUpperCase()
}
