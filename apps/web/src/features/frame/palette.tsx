'use client'

import '@mantine/spotlight/styles.layer.css'
import { createSpotlight, Spotlight, type SpotlightActionData } from '@mantine/spotlight'
import { useQueries, useQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useEffect, useMemo, useState } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import { useAllCommands } from '~/ui/commands.tsx'
import { paths } from '~/ui/paths.ts'
import classes from './palette.module.css'

const [store, palette] = createSpotlight()

const SHOWN = 40
/** Nodes of other networks are searched too, once two letters are typed, in as many networks as one request may carry. */
const OTHER_NETWORKS = 12

type Entry = SpotlightActionData & { group: string; words: string }
type Props = { network: string | undefined; opened: boolean; onClose: () => void }

/** Every page, network, node and action, by typing. */
export function Palette({ network, opened, onClose }: Props) {
  const [query, setQuery] = useState('')
  const entries = useEntries(network, opened, query)
  const found = useMemo(() => search(entries, query), [entries, query])
  useEffect(() => (opened ? palette.open() : palette.close()), [opened])

  const groups = [...new Set(found.map((entry) => entry.group))]
  return (
    <Spotlight.Root
      store={store}
      query={query}
      onQueryChange={setQuery}
      onSpotlightClose={onClose}
      shortcut={null}
      scrollable
      maxHeight={400}
      radius="lg"
      attributes={{ content: { 'aria-label': 'Search' } }}
      overlayProps={{ blur: 0, backgroundOpacity: 0.4 }}
    >
      <Spotlight.Search placeholder="Find a page, network, node or action" aria-label="Search" size="md" />
      <Spotlight.ActionsList>
        {groups.map((group) => (
          <Spotlight.ActionsGroup key={group} label={group} className={classes.group}>
            {found
              .filter((entry) => entry.group === group)
              .map(({ words, group: _, ...entry }) => (
                <Spotlight.Action
                  key={entry.id}
                  {...entry}
                  className={classes.action}
                  classNames={{ actionDescription: classes.about }}
                />
              ))}
          </Spotlight.ActionsGroup>
        ))}
        {found.length === 0 && <Spotlight.Empty>Nothing here is called “{query}”</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  )
}

function useEntries(network: string | undefined, opened: boolean, query: string): Entry[] {
  const trpc = useTRPC()
  const router = useRouter()
  const commands = useAllCommands()
  const { data: networks } = useQuery(trpc.network.list.queryOptions({}, { enabled: opened }))
  const typed = query.trim().length >= 2
  const others = (networks ?? []).filter((row) => row.id !== network).slice(0, OTHER_NETWORKS)
  const searched = [
    ...(network ? [{ id: network, name: networks?.find((row) => row.id === network)?.name ?? '', on: opened }] : []),
    ...others.map((row) => ({ id: row.id, name: row.name, on: opened && typed })),
  ]
  const lists = useQueries({
    queries: searched.map(({ id, on }) => trpc.node.list.queryOptions({ network: id }, { enabled: on })),
  })

  const doing: Entry[] = commands
    .filter((command) => command.id !== 'palette')
    .map((command) => ({
      id: command.id,
      group: command.group,
      label: command.label,
      words: `${command.label} ${command.hint ?? ''}`.toLowerCase(),
      description: command.hint,
      onClick: command.run,
      rightSection: command.keys ? <kbd className={classes.keys}>{command.keys}</kbd> : null,
    }))
  const going: Entry[] = (networks ?? []).map((row) => ({
    id: row.id,
    group: 'Networks',
    label: row.name,
    words: `${row.name} ${row.cidr4}`.toLowerCase(),
    description: row.problem?.text,
    onClick: () => router.push(paths.topology(row.id)),
  }))
  const nodes: Entry[] = lists.flatMap((list, index) =>
    (list.data ?? []).map((node) => ({
      id: node.id,
      group: 'Nodes',
      label: node.name,
      words: `${node.name} ${node.address4 ?? ''} ${node.siteName ?? ''}`.toLowerCase(),
      description: [searched[index]?.name, node.siteName, node.address4].filter(Boolean).join(' · '),
      onClick: () => router.push(paths.node(node.networkId, node.id)),
    })),
  )
  return [...doing, ...going, ...nodes]
}

/** Every typed word must occur; what begins with the query stands first. */
function search(entries: Entry[], query: string): Entry[] {
  const wanted = query.trim().toLowerCase()
  if (!wanted) return entries.slice(0, SHOWN)
  const words = wanted.split(/\s+/)
  const hits = entries.filter((entry) => words.every((word) => entry.words.includes(word)))
  const begins = hits.filter((entry) => entry.words.startsWith(wanted))
  return [...begins, ...hits.filter((entry) => !entry.words.startsWith(wanted))].slice(0, SHOWN)
}
