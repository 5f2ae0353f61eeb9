'use client'

import { Tabs } from '@mantine/core'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import type { ReactNode } from 'react'

type Tab<Name extends string> = { name: Name; label: string; content: () => ReactNode }

/** Tabs whose choice is in the URL as `tab`; only the chosen one exists. */
export function UrlTabs<Name extends string>({ tabs, label }: { tabs: readonly Tab<Name>[]; label: string }) {
  const names = tabs.map((tab) => tab.name)
  const [chosen, choose] = useQueryState(
    'tab',
    parseAsStringLiteral(names)
      .withDefault(names[0] as Name)
      .withOptions({ history: 'push' }),
  )
  return (
    <Tabs value={chosen} onChange={(value) => void choose(value as Name)} keepMounted={false}>
      <Tabs.List aria-label={label} mb="lg">
        {tabs.map((tab) => (
          <Tabs.Tab key={tab.name} value={tab.name}>
            {tab.label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map((tab) => (
        <Tabs.Panel key={tab.name} value={tab.name}>
          {chosen === tab.name && tab.content()}
        </Tabs.Panel>
      ))}
    </Tabs>
  )
}
