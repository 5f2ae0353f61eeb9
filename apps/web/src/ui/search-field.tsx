'use client'

import { IconSearch } from '@tabler/icons-react'
import { parseAsString, useQueryState } from 'nuqs'
import { useDeferredValue } from 'react'
import classes from './search-field.module.css'

/** What is typed, in the URL as `q`; `settled` is the same a little later, so that typing never waits for the list. */
export function useSearch(): { query: string; setQuery: (query: string) => void; settled: string } {
  const [query, setQuery] = useQueryState('q', parseAsString.withDefault('').withOptions({ throttleMs: 200 }))
  const settled = useDeferredValue(query.trim().toLowerCase())
  return { query, setQuery: (next) => void setQuery(next || null), settled }
}

type Props = { value: string; onChange: (value: string) => void; label: string }

export function SearchField({ value, onChange, label }: Props) {
  return (
    <label className={classes.field}>
      <IconSearch size={16} stroke={1.6} aria-hidden />
      <input
        type="search"
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        placeholder={label}
        aria-label={label}
        autoComplete="off"
        spellCheck={false}
      />
    </label>
  )
}
