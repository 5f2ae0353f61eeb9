'use client'

import { Button } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { parseAsBoolean, parseAsString, useQueryState } from 'nuqs'
import { useDeferredValue, useMemo, useRef } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import { Empty } from '~/ui/empty.tsx'
import { ErrorPanel } from '~/ui/error-panel.tsx'
import { paths } from '~/ui/paths.ts'
import { EdgePanel } from './edge-panel.tsx'
import { type Graph, inTrouble, kept } from './graph.ts'
import { Legend } from './legend.tsx'
import { NodePanel } from './node-panel.tsx'
import { Toolbar } from './toolbar.tsx'
import classes from './topology.module.css'
import { type CanvasHandle, type Selection, TopologyCanvas } from './topology-canvas.tsx'
import { TopologyTable } from './topology-table.tsx'
import { useLayout } from './use-layout.ts'
import { ZoomButtons } from './zoom-buttons.tsx'

const nothing: Graph = { nodes: [], edges: [] }

/** What is really connected to what: the live picture, what is selected beside it, and the same as a table. */
export function TopologyView({ network }: { network: string }) {
  const trpc = useTRPC()
  const query = useQuery({
    ...trpc.topology.get.queryOptions({ network }),
    placeholderData: keepPreviousData,
    // Hints fetch when something was reported; this only keeps ages honest when nothing is.
    refetchInterval: 15_000,
  })
  const graph: Graph = query.data ?? nothing
  const [text, setText] = useQueryState('q', parseAsString.withDefault('').withOptions({ throttleMs: 200 }))
  const [site, setSite] = useQueryState('site', parseAsString)
  const [trouble, setTrouble] = useQueryState('trouble', parseAsBoolean.withDefault(false))
  const [asTable, setAsTable] = useQueryState('table', parseAsBoolean.withDefault(false))
  const [node, setNode] = useQueryState('node', parseAsString)
  const [edge, setEdge] = useQueryState('edge', parseAsString)
  const settledText = useDeferredValue(text)
  const keep = useMemo(() => kept(graph, { text: settledText, site, trouble }), [graph, settledText, site, trouble])
  const selection: Selection = useMemo(
    () => (node ? { kind: 'node', id: node } : edge ? { kind: 'edge', id: edge } : null),
    [node, edge],
  )
  const layout = useLayout(network, graph)
  const canvas = useRef<CanvasHandle>(null)
  const router = useRouter()

  const select = (next: Selection) => {
    void setNode(next?.kind === 'node' ? next.id : null)
    void setEdge(next?.kind === 'edge' ? next.id : null)
  }
  const open = (id: string) => router.push(paths.node(network, id))

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
        action={
          <Button component={Link} href={paths.addNode(network)}>
            Add node
          </Button>
        }
      />
    )
  }
  const selectedNode = selection?.kind === 'node' ? graph.nodes.find((each) => each.id === selection.id) : undefined
  const selectedEdge = selection?.kind === 'edge' ? graph.edges.find((each) => each.id === selection.id) : undefined
  const troubled = graph.nodes.filter(inTrouble).length
  return (
    <div className={classes.view}>
      <h1 className={classes.title}>Topology</h1>
      <div className={classes.stage}>
        {asTable ? (
          <TopologyTable network={network} graph={graph} kept={keep} />
        ) : (
          <TopologyCanvas
            {...{ graph, selection, kept: keep, places: layout.places, settled: layout.settled }}
            onSelect={select}
            onOpen={open}
            handle={canvas}
          />
        )}
        <Toolbar
          {...{ text, site, trouble, asTable, troubled, sites: query.data?.sites ?? [] }}
          summary={summaryOf(graph, keep)}
          onText={(next) => void setText(next || null)}
          onSite={(next) => void setSite(next)}
          onTrouble={(next) => void setTrouble(next || null)}
          onTable={(next) => void setAsTable(next || null)}
          onFound={() => {
            const first = keep && graph.nodes.find((each) => keep.has(each.id))
            if (!first) return
            select({ kind: 'node', id: first.id })
            canvas.current?.reveal(first.id)
          }}
        />
        {!asTable && <Legend />}
        {!asTable && <ZoomButtons canvas={canvas} onArrange={layout.reshuffle} />}
      </div>
      {selectedNode && (
        <NodePanel network={network} graph={graph} node={selectedNode} onSelect={select} onClose={() => select(null)} />
      )}
      {selectedEdge && <EdgePanel graph={graph} edge={selectedEdge} onSelect={select} onClose={() => select(null)} />}
    </div>
  )
}

function summaryOf(graph: Graph, keep: ReadonlySet<string> | null): string {
  const alive = graph.edges.filter((edge) => edge.status === 'up').length
  const shown = keep ? `${keep.size} of ${graph.nodes.length} nodes` : `${graph.nodes.length} nodes`
  return `${shown} · ${alive} of ${graph.edges.length} tunnels alive`
}
