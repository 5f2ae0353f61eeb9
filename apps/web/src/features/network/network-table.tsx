'use client'

import { useSuspenseQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import { useWhyNot } from '~/trpc/use-role.ts'
import { ActionButton } from '~/ui/action-button.tsx'
import { DataTable } from '~/ui/data-table.tsx'
import { Empty } from '~/ui/empty.tsx'
import { Page } from '~/ui/page.tsx'
import { paths } from '~/ui/paths.ts'
import { SearchField, useSearch } from '~/ui/search-field.tsx'
import { networkColumns } from './network-columns.tsx'
import { isInTrouble } from './problem.ts'

/** Where is trouble? The server sends the worst first, and so it stays until a head is clicked. */
export function NetworkTable() {
  const { data: networks } = useSuspenseQuery(useTRPC().network.list.queryOptions({}))
  const { query, setQuery, settled } = useSearch()
  const whyNot = useWhyNot('admin')
  const rows = useMemo(
    () => networks.filter((row) => `${row.name} ${row.cidr4}`.toLowerCase().includes(settled)),
    [networks, settled],
  )
  const create = (
    <ActionButton href={paths.newNetwork()} why={whyNot}>
      Create network
    </ActionButton>
  )

  if (networks.length === 0) {
    return (
      <Page title="Networks">
        <Empty
          title="No network yet"
          text="A network is one private address range; machines in it reach each other wherever they stand."
          action={create}
        />
      </Page>
    )
  }
  const trouble = networks.filter(isInTrouble).length
  return (
    <Page
      title="Networks"
      lead={trouble > 0 ? `${trouble} of ${networks.length} need a look.` : 'No network has a problem.'}
      actions={
        <>
          {networks.length > 8 && <SearchField value={query} onChange={setQuery} label="Find a network" />}
          {create}
        </>
      }
      fill
    >
      <DataTable
        label="Networks"
        rows={rows}
        columns={networkColumns}
        rowId={(row) => row.id}
        rowHref={(row) => paths.topology(row.id)}
        rowHeight={56}
        empty={<Empty title="No network is called that" text={`Nothing matches “${query}”.`} />}
      />
    </Page>
  )
}
