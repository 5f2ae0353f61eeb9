'use client'

import { Button, SegmentedControl } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import dynamic from 'next/dynamic'
import { useMemo, useRef } from 'react'
import { useWhyNot } from '~/trpc/use-role.ts'
import { ActionButton } from '~/ui/action-button.tsx'
import { useCommands } from '~/ui/commands.tsx'
import { Empty } from '~/ui/empty.tsx'
import { ErrorPanel } from '~/ui/error-panel.tsx'
import { Page } from '~/ui/page.tsx'
import { paths } from '~/ui/paths.ts'
import { SearchField, useSearch } from '~/ui/search-field.tsx'
import { SkeletonRows } from '~/ui/skeleton-rows.tsx'
import { count } from '~/ui/units.ts'
import { cellFinder } from './cell-finder.ts'
import { leadOf } from './lead-of.ts'
import { Legend } from './legend.tsx'
import { MatrixCanvas } from './matrix-canvas.tsx'
import { sizesOf } from './matrix-look.ts'
import { MEASURE_WORDS, MEASURES, type Measure } from './measure.ts'
import { NarrowNotice } from './narrow-notice.tsx'
import { PairForm } from './pair-form.tsx'
import type { Matrix, MatrixRow } from './path-shapes.ts'
import classes from './paths.module.css'
import { useMatrix } from './use-matrix.ts'
import { usePathsState } from './use-paths-state.ts'

// Beside the matrix, when something is chosen.
const WhyPanel = dynamic(() => import('./why-panel.tsx').then((module) => module.WhyPanel), { ssr: false })
const SitesPanel = dynamic(() => import('./sites-panel.tsx').then((module) => module.SitesPanel), { ssr: false })
const ChangesPanel = dynamic(() => import('./changes-panel.tsx').then((module) => module.ChangesPanel), { ssr: false })
const PathsTable = dynamic(() => import('./paths-table.tsx').then((module) => module.PathsTable))

/** Why is it slow or cut between A and B? All pairs at once, and the reason of one. */
export function PathsView({ network }: { network: string }) {
  const state = usePathsState()
  const { query, now } = useMatrix(network, state.site)
  const whyNot = useWhyNot('operator')
  const search = useSearch()
  const isNarrow = useMediaQuery('(max-width: 599px)') ?? false
  const matrix = query.data
  const stage = useRef<HTMLDivElement>(null)
  useCommands([
    {
      id: 'search-paths',
      label: 'Find a node in the matrix',
      group: 'Paths',
      keys: '/',
      run: () => stage.current?.querySelector<HTMLInputElement>('input[type="search"]')?.focus(),
    },
    {
      id: 'matrix-or-table',
      label: state.asTable ? 'Show as matrix' : 'Show as table',
      group: 'Paths',
      keys: 't',
      run: () => state.setTable(!state.asTable),
    },
    ...MEASURES.map((measure, place) => ({
      id: `show-${measure}`,
      label: `Colour by ${MEASURE_WORDS[measure].toLowerCase()}`,
      group: 'Paths',
      keys: String(place + 1),
      run: () => state.setMeasure(measure),
    })),
    { id: 'path-changes', label: 'Changes of paths', group: 'Paths', run: state.openChanges },
  ])

  const find = useMemo(() => matrix && cellFinder(matrix), [matrix])
  const columns = useMemo(() => (matrix?.rows ?? []).map((row, place) => ({ row, place })), [matrix])
  const rows = useMemo(
    () => columns.filter(({ row }) => search.settled === '' || isCalled(row, search.settled)),
    [columns, search.settled],
  )
  const shown = useMemo(() => new Set(rows.map(({ place }) => place)), [rows])
  const sizes = useMemo(() => sizesOf(columns.length, isNarrow), [columns.length, isNarrow])

  if (query.isError && !matrix) {
    return (
      <Page title="Paths">
        <ErrorPanel title="The paths could not be read" error={query.error} onRetry={() => void query.refetch()} />
      </Page>
    )
  }
  if (!matrix || !find) {
    return (
      <Page title="Paths" lead=" ">
        <SkeletonRows rows={10} height={32} />
      </Page>
    )
  }
  const bySite = matrix.by === 'site'
  if (state.site === null && !bySite && matrix.rows.length < 2) {
    return (
      <Empty
        as="h1"
        title="No paths yet"
        text="A path has two ends. When two nodes have joined, each pair stands here with its way, its round trip and the reason."
        action={
          <ActionButton href={paths.addNode(network)} why={whyNot}>
            Add node
          </ActionButton>
        }
      />
    )
  }
  const siteName = state.site && nameOfSite(matrix, state.site)
  const pick = (from: MatrixRow, to: MatrixRow) => {
    if (!bySite) state.openPair([from.id, to.id])
    else if (from.id === to.id) state.openSite(from.id)
    else state.openSites(from.id, to.id)
  }
  return (
    <Page
      title="Paths"
      lead={leadOf(matrix)}
      actions={
        <Button variant="default" onClick={state.openChanges}>
          Changes
        </Button>
      }
      fill
    >
      <div className={classes.view} ref={stage}>
        <div className={classes.stage}>
          <NarrowNotice network={network} />
          {state.site !== null && (
            <div className={classes.crumb}>
              <ActionButton size="compact-sm" variant="default" onClick={() => state.openSite(null)}>
                All sites
              </ActionButton>
              <span>
                {siteName || 'A site'}:{' '}
                {count(
                  matrix.rows.reduce((sum, row) => sum + row.nodes, 0),
                  'node',
                )}
                {bySite && ', too many for a matrix of its own'}
              </span>
            </div>
          )}
          <search className={classes.tools} aria-label="Paths">
            {!state.asTable && (
              <SegmentedControl
                size="xs"
                aria-label="Colour by"
                value={state.measure}
                onChange={(value) => state.setMeasure(value as Measure)}
                data={MEASURES.map((value) => ({ value, label: MEASURE_WORDS[value] }))}
              />
            )}
            <SearchField value={search.query} onChange={search.setQuery} label={bySite ? 'Site' : 'Node, site'} />
            <Button size="xs" variant="default" onClick={() => state.setTable(!state.asTable)}>
              {state.asTable ? 'Show as matrix' : 'Show as table'}
            </Button>
          </search>
          <PairForm network={network} matrix={matrix} pair={state.pair} onAsk={state.openPair} />
          {rows.length === 0 ? (
            <p className={classes.quiet}>Nobody here is called “{search.query}”.</p>
          ) : state.asTable ? (
            <PathsTable network={network} matrix={matrix} shown={shown} />
          ) : (
            <>
              <MatrixCanvas
                // Another set of rows begins at its corner.
                key={`${matrix.by} ${state.site}`}
                {...{ rows, columns, find, sizes, bySite, now }}
                measure={state.measure}
                chosen={state.pair ?? state.sites}
                onPick={(from, to) => pick(from.row, to.row)}
              />
              <Legend measure={state.measure} bySite={bySite} />
            </>
          )}
        </div>
        {(state.pair || state.sites || state.changes) && (
          <div className={classes.beside}>
            {state.pair ? (
              <WhyPanel
                key={state.pair.join(' ')}
                network={network}
                pair={state.pair}
                onAsk={state.openPair}
                onClose={state.close}
              />
            ) : state.sites ? (
              <SitesPanel
                matrix={matrix}
                find={find}
                sites={state.sites}
                onOpen={state.openSite}
                onClose={state.close}
              />
            ) : (
              <ChangesPanel network={network} onAsk={state.openPair} onClose={state.close} />
            )}
          </div>
        )}
      </div>
    </Page>
  )
}

const isCalled = ({ name, siteName }: MatrixRow, wanted: string): boolean =>
  [name, siteName ?? ''].some((word) => word.toLowerCase().includes(wanted))

function nameOfSite({ rows }: Matrix, site: string): string | null {
  return site === 'none' ? 'Without a site' : (rows[0]?.siteName ?? null)
}
