import { parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { useDeferredValue, useMemo } from 'react'
import { type GraphFilter, STATUS_CHOICES } from './filter-graph.ts'
import type { Selection } from './selection.ts'

const parsers = {
  q: parseAsString.withDefault(''),
  site: parseAsString,
  role: parseAsString,
  status: parseAsStringLiteral(STATUS_CHOICES),
  label: parseAsString,
  table: parseAsBoolean.withDefault(false),
  node: parseAsString,
  edge: parseAsString,
  bundle: parseAsString,
}

/** What the page shows, whole in the URL: a link to what one sees. */
export function useTopologyState() {
  const [state, set] = useQueryStates(parsers)
  const { site, role, status, label, node, edge, bundle } = state
  const filter: GraphFilter = useMemo(() => ({ site, role, status, label }), [site, role, status, label])
  const selection: Selection = useMemo(() => {
    if (node) return { kind: 'node', id: node }
    if (edge) return { kind: 'edge', id: edge }
    return bundle ? { kind: 'bundle', id: bundle } : null
  }, [node, edge, bundle])
  return {
    text: state.q,
    settledText: useDeferredValue(state.q),
    filter,
    selection,
    asTable: state.table,
    setText: (text: string) => void set({ q: text || null }, { throttleMs: 200 }),
    setFilter: (change: Partial<GraphFilter>) => void set(change),
    setTable: (on: boolean) => void set({ table: on || null }),
    select: (next: Selection) =>
      void set({ node: null, edge: null, bundle: null, ...(next && { [next.kind]: next.id }) }),
  }
}
