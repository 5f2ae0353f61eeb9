'use client'

import { type MantineColorScheme, Menu, useMantineColorScheme } from '@mantine/core'
import { IconLogout } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '~/trpc/client.tsx'
import { paths } from '~/ui/paths.ts'
import classes from './account-menu.module.css'

const schemes = [
  { value: 'auto', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const

export function AccountMenu() {
  const { data: me } = useQuery(useTRPC().me.get.queryOptions({}))
  const { colorScheme, setColorScheme } = useMantineColorScheme()

  return (
    <Menu width={224} position="bottom-end" withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <button type="button" className={classes.target} aria-label={`${initials(me?.user.name ?? '')}: account`}>
          {initials(me?.user.name ?? '')}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.who}>
          <b>{me?.user.name}</b>
          <span>{me?.user.email}</span>
          <span>
            {me?.role} of {me?.organization.name}
          </span>
        </div>
        <Menu.Divider />
        <Menu.Label>Appearance</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={(scheme) => setColorScheme(scheme as MantineColorScheme)}>
          {schemes.map(({ value, label }) => (
            <Menu.RadioItem key={value} value={value} closeMenuOnClick={false}>
              {label}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} stroke={1.6} aria-hidden />} onClick={leave}>
          Sign out
        </Menu.Item>
        <div className={classes.version}>Spanwire {me?.version}</div>
      </Menu.Dropdown>
    </Menu>
  )
}

async function leave() {
  const { signOut } = await import('next-auth/react')
  await signOut({ redirect: false })
  // a whole load: nothing of this person stays in memory
  window.location.assign(paths.signIn())
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  return ((words[0]?.[0] ?? '') + (words.length > 1 ? (words.at(-1)?.[0] ?? '') : '')).toUpperCase()
}
