import { parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { MEASURES, type Measure } from './measure.ts'

const parsers = {
  show: parseAsStringLiteral(MEASURES).withDefault('rtt'),
  table: parseAsBoolean.withDefault(false),
  /** the nodes of one site; `none`: those without */
  site: parseAsString,
  from: parseAsString,
  to: parseAsString,
  /** two sites, `a~b` */
  between: parseAsString,
  changes: parseAsBoolean.withDefault(false),
}

const CLOSED = { from: null, to: null, between: null, changes: null }

/** What the page shows, whole in the URL: a link to what one sees. */
export function usePathsState() {
  const [state, set] = useQueryStates(parsers)
  const { from, to, between } = state
  return {
    measure: state.show,
    asTable: state.table,
    site: state.site,
    pair: from && to ? ([from, to] as const) : null,
    sites: between?.includes('~') ? (between.split('~') as [string, string]) : null,
    changes: state.changes,
    setMeasure: (show: Measure) => void set({ show }),
    setTable: (on: boolean) => void set({ table: on || null }),
    openSite: (site: string | null) => void set({ ...CLOSED, site }, { history: 'push' }),
    openPair: (pair: readonly [string, string]) =>
      void set({ ...CLOSED, from: pair[0], to: pair[1] }, { history: 'push' }),
    openSites: (a: string, b: string) => void set({ ...CLOSED, between: `${a}~${b}` }, { history: 'push' }),
    openChanges: () => void set({ ...CLOSED, changes: true }, { history: 'push' }),
    close: () => void set(CLOSED),
  }
}
