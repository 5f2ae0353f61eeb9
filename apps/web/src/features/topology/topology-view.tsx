'use client'

import { missedDirect } from '@spanwire/mesh/health/missed-direct'
import dynamic from 'next/dynamic'
import { useRouter } from 'next/navigation'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useWhyNot } from '~/trpc/use-role.ts'
import { ActionButton } from '~/ui/action-button.tsx'
import { useCommands } from '~/ui/commands.tsx'
import { Empty } from '~/ui/empty.tsx'
import { ErrorPanel } from '~/ui/error-panel.tsx'
import { paths } from '~/ui/paths.ts'
import { count } from '~/ui/units.ts'
import { BareHint } from './bare-hint.tsx'
import { found, keptBy, labelsIn, NO_FILTER, narrowed } from './filter-graph.ts'
import { type Graph, inTrouble } from './graph.ts'
import { Legend } from './legend.tsx'
import type { Selection } from './selection.ts'
import { StaleBanner } from './stale-banner.tsx'
import { Toolbar } from './toolbar.tsx'
import classes from './topology.module.css'
import type { CanvasHandle } from './topology-canvas.tsx'
import { useGraph } from './use-graph.ts'
import { useInsets } from './use-insets.ts'
import { useLayout } from './use-layout.ts'
import { useTopologyState } from './use-topology-state.ts'
import { ZoomButtons } from './zoom-buttons.tsx'

// The page stands before the map is there, and no other page loads it.
const TopologyCanvas = dynamic(() => import('./topology-canvas.tsx').then((module) => module.TopologyCanvas), {
  ssr: false,
})
const SelectionPanel = dynamic(() => import('./selection-panel.tsx').then((module) => module.SelectionPanel), {
  ssr: false,
})
const TopologyTable = dynamic(() => import('./topology-table.tsx').then((module) => module.TopologyTable))

/** What is really connected to what: the live picture, what is selected beside it, and the same as a table. */
export function TopologyView({ network }: { network: string }) {
  const router = useRouter()
  const whyNot = useWhyNot('operator')
  const { query, graph, sites, measuredAt, isLate, now } = useGraph(network)
  const state = useTopologyState()
  const { filter, selection, select } = state
  const kept = useMemo(() => keptBy(graph, filter), [graph, filter])
  const shown = useMemo(() => narrowed(graph, kept), [graph, kept])
  const hits = useMemo(() => found(shown, state.settledText), [shown, state.settledText])
  const lit = useMemo(
    () => (state.settledText.trim() === '' ? null : new Set(hits.map(({ id }) => id))),
    [hits, state.settledText],
  )
  const labels = useMemo(() => labelsIn(graph), [graph])
  const { places, rearrange } = useLayout(network, graph)
  const canvas = useRef<CanvasHandle>(null)
  const stage = useRef<HTMLDivElement>(null)
  const panel = selection !== null && isThere(graph, selection)
  const insets = useInsets(panel)

  const pick = (id: string) => {
    select({ kind: 'node', id })
    if (!state.asTable) setRevealed(id)
  }
  // Revealed once the panel stands, so that it is not behind it.
  const [revealed, setRevealed] = useState<string | null>(null)
  useEffect(() => {
    if (revealed === null) return
    canvas.current?.reveal(revealed)
    setRevealed(null)
  }, [revealed])
  useCommands([
    {
      id: 'search-topology',
      label: 'Find a node on the map',
      group: 'Topology',
      keys: '/',
      run: () => stage.current?.querySelector<HTMLInputElement>('input[type="search"]')?.focus(),
    },
    { id: 'fit', label: 'Fit the map to the screen', group: 'Topology', keys: '0', run: () => canvas.current?.fit() },
    {
      id: 'map-or-table',
      label: state.asTable ? 'Show as map' : 'Show as table',
      group: 'Topology',
      keys: 't',
      run: () => state.setTable(!state.asTable),
    },
  ])

  const addNode = (
    <ActionButton href={paths.addNode(network)} why={whyNot}>
      Add node
    </ActionButton>
  )
  if (query.isError && !query.data) {
    return (
      <ErrorPanel
        full
        title="The topology could not be read"
        error={query.error}
        onRetry={() => void query.refetch()}
      />
    )
  }
  if (query.data && graph.nodes.length === 0) {
    return (
      <Empty
        as="h1"
        title="Nothing to draw yet"
        text="The first node of a network is its gateway: a machine that others can reach on one UDP port."
        action={addNode}
      />
    )
  }
  return (
    <div className={classes.view} data-panel={panel || undefined}>
      <h1 className={classes.unseen}>Topology</h1>
      <div className={classes.stage} ref={stage} data-table={state.asTable || undefined}>
        <Toolbar
          {...{ text: state.text, found: hits, filter, sites, labels, asTable: state.asTable }}
          troubled={graph.nodes.filter(inTrouble).length}
          summary={query.data ? summaryOf(shown, graph, kept) : 'Reading'}
          onText={state.setText}
          onPick={pick}
          onFilter={state.setFilter}
          onTable={state.setTable}
        />
        {isLate && <StaleBanner measuredAt={measuredAt} />}
        {state.asTable ? (
          <TopologyTable network={network} graph={lit ? narrowed(shown, lit) : shown} />
        ) : (
          <>
            <TopologyCanvas
              {...{ graph: shown, places, found: lit, selection, insets, now }}
              onSelect={select}
              onOpen={(id) => router.push(paths.node(network, id))}
              handle={canvas}
            />
            <Legend withCluster={graph.nodes.some(({ facts }) => facts.cluster.status !== 'none')} />
            <ZoomButtons canvas={canvas} onArrange={rearrange} />
            {query.data && (
              <BareHint graph={graph} kept={kept} onAll={() => state.setFilter(NO_FILTER)} action={addNode} />
            )}
          </>
        )}
      </div>
      {panel && (
        <SelectionPanel
          {...{ network, graph, selection }}
          onSelect={(next) => {
            select(next)
            // The panel gives the focus back to where it came from; when that is gone, it goes to the map.
            if (next === null)
              requestAnimationFrame(() => document.activeElement === document.body && canvas.current?.focus())
          }}
        />
      )}
    </div>
  )
}

/** A link may name what is gone. */
function isThere({ nodes, edges }: Graph, { kind, id }: NonNullable<Selection>): boolean {
  if (kind === 'bundle') return true
  return (kind === 'node' ? nodes : edges).some((each) => each.id === id)
}

function summaryOf(shown: Graph, all: Graph, kept: ReadonlySet<string> | null): string {
  const counted = shown.edges.filter((edge) => !edge.isMissedDirect)
  const missed = shown.edges.length - counted.length
  const alive = counted.filter((edge) => edge.status === 'up').length
  const nodes = kept
    ? `${kept.size.toLocaleString('en')} of ${count(all.nodes.length, 'node')}`
    : count(all.nodes.length, 'node')
  if (kept?.size === 0) return nodes
  if (shown.edges.length === 0) return `${nodes} · no tunnel measured yet`
  const beside = missed === 0 ? '' : ` · ${missedDirect(missed)}`
  return `${nodes} · ${alive.toLocaleString('en')} of ${count(counted.length, 'tunnel')} alive${beside}`
}
