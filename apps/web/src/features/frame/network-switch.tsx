'use client'

import { Combobox, useCombobox } from '@mantine/core'
import { IconSelector } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import { paths } from '~/ui/paths.ts'
import classes from './network-switch.module.css'

/** As many as one reads; typing finds the rest. */
const SHOWN = 50

/** Which network this is; opened, type to find another. */
export function NetworkSwitch({ network }: { network: string | undefined }) {
  const trpc = useTRPC()
  const router = useRouter()
  const [search, setSearch] = useState('')
  const combobox = useCombobox({
    onDropdownOpen: () => combobox.focusSearchInput(),
    onDropdownClose: () => {
      setSearch('')
      combobox.resetSelectedOption()
    },
  })
  const { data: me } = useQuery(trpc.me.get.queryOptions({}))
  const { data: current, isError } = useQuery(
    trpc.network.get.queryOptions({ id: network ?? '' }, { enabled: Boolean(network) }),
  )
  const { data: networks } = useQuery(trpc.network.list.queryOptions({}, { enabled: combobox.dropdownOpened }))
  const name = network ? (current?.name ?? (isError ? 'Unknown network' : ' ')) : 'All networks'
  const wanted = search.trim().toLowerCase()
  const found = (networks ?? []).filter((row) => row.name.toLowerCase().includes(wanted))

  return (
    <div className={classes.switch}>
      <span className={classes.organization}>{me?.organization.name ?? ' '}</span>
      <span className={classes.slash} aria-hidden>
        /
      </span>
      <Combobox
        store={combobox}
        width={280}
        position="bottom-start"
        withinPortal={false}
        onOptionSubmit={(value) => {
          combobox.closeDropdown()
          router.push(value)
        }}
      >
        <Combobox.Target withAriaAttributes={false}>
          <button
            type="button"
            className={classes.target}
            aria-haspopup="listbox"
            aria-expanded={combobox.dropdownOpened}
            aria-label={`${name}: switch network`}
            onClick={() => combobox.toggleDropdown()}
          >
            <span>{name}</span>
            <IconSelector size={14} stroke={1.8} aria-hidden />
          </button>
        </Combobox.Target>
        <Combobox.Dropdown>
          <Combobox.Search
            value={search}
            onChange={(event) => {
              setSearch(event.currentTarget.value)
              combobox.selectFirstOption()
            }}
            placeholder="Find a network"
            aria-label="Find a network"
          />
          <Combobox.Options mah={320} style={{ overflowY: 'auto' }} aria-label="Networks">
            {found.slice(0, SHOWN).map((row) => (
              <Combobox.Option key={row.id} value={paths.topology(row.id)} active={row.id === network}>
                {row.name}
              </Combobox.Option>
            ))}
            {networks && found.length === 0 && <Combobox.Empty>No network is called that</Combobox.Empty>}
            {found.length > SHOWN && <Combobox.Empty>{found.length - SHOWN} more: type to find</Combobox.Empty>}
            {network && <Combobox.Option value={paths.networks()}>All networks</Combobox.Option>}
            <Combobox.Option value={paths.newNetwork()}>Create network</Combobox.Option>
          </Combobox.Options>
        </Combobox.Dropdown>
      </Combobox>
    </div>
  )
}
