'use client'

import { Button } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useRef } from 'react'
import { useSites } from '~/trpc/use-sites.ts'
import { Choice } from '~/ui/choice.tsx'
import { useCommands } from '~/ui/commands.tsx'
import { SearchField } from '~/ui/search-field.tsx'
import { NO_SITE } from './filter-nodes.ts'
import classes from './node-filters.module.css'
import type { NodeState } from './node-row.ts'
import type { useNodeFilter } from './use-node-filter.ts'

type Props = { network: string; controls: ReturnType<typeof useNodeFilter>; troubled: number; end?: React.ReactNode }

const STATES: { value: NodeState; label: string }[] = [
  { value: 'active', label: 'Active' },
  { value: 'enrolled', label: 'Enrolled' },
  { value: 'invited', label: 'Invited' },
  { value: 'paused', label: 'Paused' },
  { value: 'quarantined', label: 'Quarantined' },
]

const ROLES = [
  { value: 'gateway', label: 'Gateways' },
  { value: 'member', label: 'Members' },
]

/** What is shown of the nodes. */
export function NodeFilters({ network, controls, troubled, end }: Props) {
  const { filter, search, choose } = controls
  const { sites } = useSites(network)
  const bar = useRef<HTMLElement>(null)
  useCommands([
    {
      id: 'search-nodes',
      label: 'Search the nodes',
      group: 'Nodes',
      keys: '/',
      run: () => bar.current?.querySelector<HTMLInputElement>('input[type="search"]')?.focus(),
    },
  ])
  return (
    <search className={classes.bar} ref={bar} aria-label="Nodes">
      <SearchField value={search.query} onChange={search.setQuery} label="Name, address, label, site" />
      <Button
        variant={filter.trouble ? 'light' : 'default'}
        color={filter.trouble ? 'bad' : undefined}
        aria-pressed={filter.trouble}
        onClick={() => choose({ trouble: !filter.trouble })}
        leftSection={<IconAlertTriangle size={16} stroke={1.6} aria-hidden />}
      >
        In trouble{troubled > 0 ? ` (${troubled})` : ''}
      </Button>
      <div className={classes.choices}>
        <Choice
          label="State"
          any="Any state"
          data={STATES}
          value={filter.state}
          onChange={(state) => choose({ state: state as NodeState | null })}
        />
        <Choice
          label="Role"
          any="Any role"
          data={ROLES}
          value={filter.role}
          onChange={(role) => choose({ role: role as 'gateway' | 'member' | null })}
        />
        <Choice
          label="Site"
          any="Any site"
          data={[...sites.map(({ id, name }) => ({ value: id, label: name })), { value: NO_SITE, label: 'No site' }]}
          value={filter.site}
          onChange={(site) => choose({ site })}
        />
      </div>
      {end && <div className={classes.end}>{end}</div>}
    </search>
  )
}
