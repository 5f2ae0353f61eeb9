'use client'

import { type MantineColorScheme, Menu, useMantineColorScheme } from '@mantine/core'
import { IconLogout } from '@tabler/icons-react'
import { paths } from '~/ui/paths.ts'
import classes from './account-menu.module.css'

const schemes = [
  { value: 'auto', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const

type Me = { user: { name: string; email: string }; organization: { name: string }; role: string; version: string }

/** What opens under the initials. It exists while it is open. */
export function AccountItems({ me, onClose }: { me: Me; onClose: () => void }) {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <Menu
      opened
      onChange={(open) => !open && onClose()}
      width={224}
      position="bottom-end"
      withinPortal={false}
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        {/* only a place: the button that was pressed says what this is */}
        <span className={classes.corner} aria-hidden />
      </Menu.Target>
      <Menu.Dropdown aria-label="Account" aria-labelledby={undefined}>
        <div className={classes.who}>
          <b>{me.user.name}</b>
          <span>{me.user.email}</span>
          <span>
            {me.role} of {me.organization.name}
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
        <div className={classes.version}>Spanwire {me.version}</div>
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
