'use client'

import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import { useWhyNot } from '~/trpc/use-role.ts'
import { ActionButton } from '~/ui/action-button.tsx'
import { DataTable } from '~/ui/data-table.tsx'
import { Empty } from '~/ui/empty.tsx'
import { ErrorPanel } from '~/ui/error-panel.tsx'
import { Page } from '~/ui/page.tsx'
import { paths } from '~/ui/paths.ts'
import { SkeletonRows } from '~/ui/skeleton-rows.tsx'
import { count } from '~/ui/units.ts'
import { BulkBar } from './bulk-bar.tsx'
import { ColumnMenu } from './column-menu.tsx'
import { filterNodes, isFiltered } from './filter-nodes.ts'
import { NodeCards } from './node-cards.tsx'
import { NodeFilters } from './node-filters.tsx'
import type { NodeRow } from './node-row.ts'
import classes from './node-table.module.css'
import { isInTrouble, worstFirst } from './trouble.ts'
import { useColumns } from './use-columns.ts'
import { useIsPhone } from './use-is-phone.ts'
import { useNodeFilter } from './use-node-filter.ts'

/** Hints tell what was said; nobody tells of silence, so what grows old is asked for again: of thousands, less often. */
const renewMs = (rows: number) => (rows <= 500 ? 10_000 : 30_000)

const NONE: readonly NodeRow[] = []

/** Which machines, and how are they? The worst first, until a head is clicked. */
export function NodeTable({ network }: { network: string }) {
  const query = useQuery(
    useTRPC().node.list.queryOptions(
      { network },
      { refetchInterval: (running) => renewMs(running.state.data?.length ?? 0) },
    ),
  )
  const nodes = query.data ?? NONE
  const ordered = useMemo(() => worstFirst(nodes), [nodes])
  const controls = useNodeFilter()
  const { filter } = controls
  const rows = useMemo(() => filterNodes(ordered, filter), [ordered, filter])
  const columns = useColumns()
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const selection = useMemo(() => ({ selected, onChange: setSelected }), [selected])
  // What a filter hides is not acted upon.
  const chosen = useMemo(() => rows.filter((row) => selected.has(row.id)), [rows, selected])
  const phone = useIsPhone()

  const add = <AddButton network={network} />
  if (query.isError && !query.data) {
    return (
      <Page title="Nodes" actions={add}>
        <ErrorPanel title="The nodes could not be read" error={query.error} onRetry={() => void query.refetch()} />
      </Page>
    )
  }
  if (query.data && nodes.length === 0) {
    return (
      <Page title="Nodes">
        <Empty
          title="No node yet"
          text="Copy one line from here, paste it on a Linux machine, and watch it join. The first one is the gateway."
          action={add}
        />
      </Page>
    )
  }
  const nothing = (
    <Empty
      title="No node fits"
      text={`None of ${count(nodes.length, 'node')} fits what is asked for.`}
      action={
        <Button variant="default" onClick={controls.clear}>
          Show all
        </Button>
      }
    />
  )
  return (
    <Page title="Nodes" lead={query.data ? leadOf(nodes, rows, isFiltered(filter)) : ' '} actions={add} fill>
      <NodeFilters
        network={network}
        controls={controls}
        troubled={nodes.filter(isInTrouble).length}
        end={<ColumnMenu state={columns} />}
      />
      {!query.data ? (
        <SkeletonRows rows={16} />
      ) : (
        <>
          {phone !== true && (
            <div className={classes.table} data-bulk={chosen.length > 0 || undefined}>
              <DataTable
                label="Nodes"
                rows={rows}
                columns={columns.columns}
                rowId={idOf}
                rowName={nameOf}
                rowHref={hrefOf}
                selection={selection}
                empty={nothing}
                rowKeys
              />
            </div>
          )}
          {phone === null && (
            <div className={classes.waiting}>
              <SkeletonRows rows={8} height={84} />
            </div>
          )}
          {phone === true && <NodeCards rows={rows} empty={nothing} />}
        </>
      )}
      <BulkBar network={network} nodes={chosen} onClear={() => setSelected(new Set())} />
    </Page>
  )
}

const idOf = (row: NodeRow) => row.id
const nameOf = (row: NodeRow) => row.name
const hrefOf = (row: NodeRow) => paths.node(row.networkId, row.id)

function AddButton({ network }: { network: string }) {
  return (
    <ActionButton href={paths.addNode(network)} why={useWhyNot('operator')}>
      Add node
    </ActionButton>
  )
}

function leadOf(nodes: readonly NodeRow[], rows: readonly NodeRow[], filtered: boolean): string {
  if (filtered) return `${rows.length.toLocaleString('en')} of ${count(nodes.length, 'node')}.`
  const troubled = nodes.filter(isInTrouble).length
  const invited = nodes.filter((node) => node.state === 'invited').length
  const parts = [
    count(nodes.length, 'node'),
    troubled > 0 ? `${troubled} in trouble` : 'none in trouble',
    invited > 0 && `${invited} invited and not yet in`,
  ]
  return `${parts.filter(Boolean).join(', ')}.`
}
