'use client'

import { CloseButton, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { parseAsString, useQueryState } from 'nuqs'
import { useDeferredValue } from 'react'

/** What is typed, in the URL as `q`; the second is the same a little later, so that typing never waits for the list. */
export function useSearch(): { query: string; setQuery: (query: string) => void; settled: string } {
  const [query, setQuery] = useQueryState('q', parseAsString.withDefault('').withOptions({ throttleMs: 200 }))
  const settled = useDeferredValue(query.trim().toLowerCase())
  return { query, setQuery: (next) => void setQuery(next || null), settled }
}

type Props = { value: string; onChange: (value: string) => void; label: string }

export function SearchField({ value, onChange, label }: Props) {
  return (
    <TextInput
      type="search"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      placeholder={label}
      aria-label={label}
      leftSection={<IconSearch size={16} stroke={1.6} aria-hidden />}
      rightSection={value && <CloseButton size="sm" aria-label="Clear the search" onClick={() => onChange('')} />}
      w={{ base: '100%', xs: 260 }}
    />
  )
}
