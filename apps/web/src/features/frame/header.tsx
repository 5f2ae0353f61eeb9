'use client'

import { IconSearch } from '@tabler/icons-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { Logo } from '~/ui/logo.tsx'
import { paths } from '~/ui/paths.ts'
import { AccountMenu } from './account-menu.tsx'
import classes from './header.module.css'
import { NetworkSwitch } from './network-switch.tsx'

type Props = { network: string | undefined; freshness: ReactNode; onSearch: () => void }

export function Header({ network, freshness, onSearch }: Props) {
  return (
    <header className={classes.header}>
      <Link href={paths.networks()} className={classes.logo} aria-label="Spanwire: all networks">
        <Logo />
      </Link>
      <NetworkSwitch network={network} />
      <div className={classes.end}>
        <button type="button" className={classes.search} onClick={onSearch} aria-keyshortcuts="Control+K Meta+K">
          <IconSearch size={16} stroke={1.6} aria-hidden />
          <span>Search</span>
          <kbd aria-hidden>Ctrl K</kbd>
        </button>
        {freshness}
        <AccountMenu />
      </div>
    </header>
  )
}
