'use client'

import { MantineProvider } from '@mantine/core'
import type { ReactNode } from 'react'
import { CommandsProvider } from './commands.tsx'
import { cssVariables } from './css-variables.ts'
import { theme } from './theme.ts'
import { Tips } from './tips.tsx'
import { Toasts } from './toasts.tsx'

/** How everything looks, and the keys that work everywhere. */
export function Look({ children }: { children: ReactNode }) {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <CommandsProvider>{children}</CommandsProvider>
      <Toasts />
      <Tips />
    </MantineProvider>
  )
}
