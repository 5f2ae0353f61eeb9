'use client'

import { parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { useMemo } from 'react'
import { useSearch } from '~/ui/search-field.tsx'
import type { Filter } from './filter-nodes.ts'

const parsers = {
  state: parseAsStringLiteral(['invited', 'enrolled', 'active', 'paused', 'quarantined'] as const),
  site: parseAsString,
  role: parseAsStringLiteral(['gateway', 'member'] as const),
  trouble: parseAsBoolean.withDefault(false),
}

/** The filter, whole in the URL: a link to what one sees. */
export function useNodeFilter() {
  const search = useSearch()
  const [chosen, choose] = useQueryStates(parsers)
  const filter: Filter = useMemo(() => ({ ...chosen, search: search.settled }), [chosen, search.settled])
  return {
    filter,
    search,
    choose: (change: Partial<Omit<Filter, 'search'>>) =>
      void choose({ ...change, trouble: change.trouble === false ? null : change.trouble }),
    clear: () => {
      search.setQuery('')
      void choose(null)
    },
  }
}
