'use client'

import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import type { ReactNode } from 'react'
import { CommandsProvider } from './commands.tsx'
import { cssVariables } from './css-variables.ts'
import { theme } from './theme.ts'

/** How everything looks, and the keys that work everywhere. */
export function Look({ children }: { children: ReactNode }) {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <Notifications position="bottom-right" autoClose={6000} limit={4} />
      <CommandsProvider>{children}</CommandsProvider>
    </MantineProvider>
  )
}
