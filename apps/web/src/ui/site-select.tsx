'use client'

import { Combobox, InputBase, useCombobox } from '@mantine/core'
import { parseSiteName } from '@spanwire/mesh/names/parse-site-name'
import { useState } from 'react'
import { errorWords } from './error-words.ts'

type Site = { id: string; name: string }

type Props = {
  sites: readonly Site[]
  value: string | null
  onChange: (site: string | null) => void
  /** makes a site of this name; left out where none can be made */
  onCreate?: (name: string) => Promise<Site>
  label?: string
  description?: string
  error?: string | null
  disabled?: boolean
}

const NONE = '-'
const CREATE = '+'

/** One site, found by typing; a name that is not there yet is made in place. */
export function SiteSelect({ sites, value, onChange, onCreate, label = 'Site', ...props }: Props) {
  const [typed, setTyped] = useState<string | null>(null)
  const [fault, setFault] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() })
  const current = sites.find((site) => site.id === value)
  const wanted = (typed ?? '').trim()
  const found = sites.filter((site) => site.name.toLowerCase().includes(wanted.toLowerCase()))
  const isNew = wanted !== '' && !sites.some((site) => site.name.toLowerCase() === wanted.toLowerCase())

  const submit = async (option: string) => {
    combobox.closeDropdown()
    setFault(null)
    if (option !== CREATE) {
      setTyped(null)
      onChange(option === NONE ? null : option)
      return
    }
    const name = parseSiteName(wanted)
    if (!name.ok) return setFault(name.error.message)
    setBusy(true)
    try {
      const made = await onCreate?.(name.value)
      setTyped(null)
      if (made) onChange(made.id)
    } catch (error) {
      const { text, fix } = errorWords(error)
      setFault(fix ? `${text} ${fix}` : text)
    } finally {
      setBusy(false)
    }
  }

  return (
    <Combobox store={combobox} onOptionSubmit={submit}>
      <Combobox.Target>
        <InputBase
          size="sm"
          label={label}
          description={props.description}
          error={fault ?? props.error}
          disabled={props.disabled || busy}
          placeholder={onCreate ? 'None. Type to find or make one' : 'None'}
          value={typed ?? current?.name ?? ''}
          rightSection={<Combobox.Chevron />}
          rightSectionPointerEvents="none"
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            setTyped(event.currentTarget.value)
            combobox.openDropdown()
            combobox.updateSelectedOptionIndex()
          }}
          onClick={() => combobox.openDropdown()}
          onFocus={() => combobox.openDropdown()}
          onBlur={() => {
            combobox.closeDropdown()
            if (!busy && !fault) setTyped(null)
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options mah={240} style={{ overflowY: 'auto' }} aria-label={label}>
          {value !== null && wanted === '' && <Combobox.Option value={NONE}>No site</Combobox.Option>}
          {found.map((site) => (
            <Combobox.Option key={site.id} value={site.id} active={site.id === value}>
              {site.name}
            </Combobox.Option>
          ))}
          {onCreate && isNew && <Combobox.Option value={CREATE}>Make site “{wanted}”</Combobox.Option>}
          {found.length === 0 && !isNew && (
            <Combobox.Empty>{onCreate ? 'No site yet: type its name' : 'No site yet'}</Combobox.Empty>
          )}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}
