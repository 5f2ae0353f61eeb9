'use client'

import { useHotkeys } from '@mantine/hooks'
import dynamic from 'next/dynamic'
import { usePathname, useRouter } from 'next/navigation'
import { type ReactNode, useState } from 'react'
import { useNetworkOfPage } from '~/trpc/use-network-of-page.ts'
import { useCommands } from '~/ui/commands.tsx'
import { paths } from '~/ui/paths.ts'
import classes from './frame.module.css'
import { Header } from './header.tsx'
import { Nav } from './nav.tsx'
import { networkNav, organizationNav } from './nav-items.ts'

// Both open on a key: their scripts come with it.
const Palette = dynamic(() => import('./palette.tsx').then((module) => module.Palette), { ssr: false })
const KeyList = dynamic(() => import('./key-list.tsx').then((module) => module.KeyList), { ssr: false })

/** What stands around every page: where am I, is it fresh, where can I go. */
export function Frame({ freshness, children }: { freshness: ReactNode; children: ReactNode }) {
  const network = useNetworkOfPage()
  const pathname = usePathname()
  const router = useRouter()
  const [palette, setPalette] = useState<'never' | 'open' | 'closed'>('never')
  const [keyList, setKeyList] = useState<'never' | 'open' | 'closed'>('never')
  // also from inside a field: that is where hands are
  useHotkeys([['mod+K', () => setPalette('open')]], [], true)
  const items = network ? networkNav(network) : organizationNav()

  // Inside a network `g a` is its own activity.
  const reachable = network ? [...items, ...organizationNav().filter((item) => item.keys !== 'g a')] : items

  useCommands([
    {
      id: 'palette',
      label: 'Search or run a command',
      group: 'Console',
      keys: '/',
      weak: true,
      run: () => setPalette('open'),
    },
    { id: 'keys', label: 'Show the keys', group: 'Console', keys: '?', run: () => setKeyList('open') },
    ...reachable.map((item) => ({
      id: `go-${item.href}`,
      label: item.label,
      group: 'Go to',
      keys: item.keys,
      run: () => router.push(item.href),
    })),
    ...(network
      ? [
          {
            id: 'add-node',
            label: 'Add node',
            group: 'This network',
            keys: 'a',
            run: () => router.push(paths.addNode(network)),
          },
        ]
      : [
          {
            id: 'new-network',
            label: 'Create network',
            group: 'Console',
            keys: 'c',
            run: () => router.push(paths.newNetwork()),
          },
        ]),
  ])

  return (
    <div className={classes.frame}>
      <a className={classes.skip} href="#main">
        Skip to the page
      </a>
      <Header network={network} freshness={freshness} onSearch={() => setPalette('open')} />
      <Nav items={items} pathname={pathname} label={network ? 'Network' : 'Organization'} />
      <main id="main" className={classes.main} tabIndex={-1}>
        {children}
      </main>
      {palette !== 'never' && (
        <Palette network={network} opened={palette === 'open'} onClose={() => setPalette('closed')} />
      )}
      {keyList !== 'never' && <KeyList opened={keyList === 'open'} onClose={() => setKeyList('closed')} />}
    </div>
  )
}
