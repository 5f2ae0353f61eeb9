'use client'

import { Combobox, useCombobox } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useEffect, useRef, useState } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import { paths } from '~/ui/paths.ts'
import classes from './network-switch.module.css'

/** As many as one reads; typing finds the rest. */
const SHOWN = 50

/** The list under the switch. It exists while it is open. */
export function NetworkFinder({ network, onClose }: { network: string | undefined; onClose: () => void }) {
  const router = useRouter()
  const box = useRef<HTMLDivElement>(null)
  const [search, setSearch] = useState('')
  const combobox = useCombobox({ opened: true })
  const { data: networks } = useQuery(useTRPC().network.list.queryOptions({}))
  const wanted = search.trim().toLowerCase()
  const found = (networks ?? []).filter((row) => row.name.toLowerCase().includes(wanted))

  useEffect(() => {
    const outside = (event: Event) => {
      if (!box.current?.parentElement?.contains(event.target as Node)) onClose()
    }
    document.addEventListener('pointerdown', outside)
    document.addEventListener('focusin', outside)
    return () => {
      document.removeEventListener('pointerdown', outside)
      document.removeEventListener('focusin', outside)
    }
  }, [onClose])

  const leave = () => {
    box.current?.parentElement?.querySelector('button')?.focus()
    onClose()
  }

  return (
    <div ref={box} className={classes.finder}>
      <Combobox
        store={combobox}
        onOptionSubmit={(value) => {
          onClose()
          router.push(value)
        }}
      >
        <Combobox.EventsTarget withExpandedAttribute>
          <input
            className={classes.search}
            value={search}
            onChange={(event) => {
              setSearch(event.currentTarget.value)
              combobox.selectFirstOption()
            }}
            onKeyDown={(event) => {
              if (event.key !== 'Escape') return
              event.stopPropagation()
              leave()
            }}
            placeholder="Find a network"
            aria-label="Find a network"
            // biome-ignore lint/a11y/noAutofocus: it was opened to type into it
            autoFocus
          />
        </Combobox.EventsTarget>
        <Combobox.Options className={classes.options} aria-label="Networks">
          {found.slice(0, SHOWN).map((row) => (
            <Combobox.Option key={row.id} value={paths.topology(row.id)} active={row.id === network}>
              {row.name}
              {row.id === network && <IconCheck size={14} aria-label="this one" />}
            </Combobox.Option>
          ))}
          {networks && found.length === 0 && <Combobox.Empty>No network is called that</Combobox.Empty>}
          {found.length > SHOWN && <Combobox.Empty>{found.length - SHOWN} more: type to find</Combobox.Empty>}
          {network && (
            <Combobox.Option value={paths.networks()} className={classes.apart}>
              All networks
            </Combobox.Option>
          )}
          <Combobox.Option value={paths.newNetwork()} className={network ? undefined : classes.apart}>
            Create network
          </Combobox.Option>
        </Combobox.Options>
      </Combobox>
    </div>
  )
}
