'use client'

import { SegmentedControl } from '@mantine/core'
import type { ReachGrouping } from '@spanwire/mesh/policy/reach-groups'
import { useMemo, useState } from 'react'
import { SearchField } from '~/ui/search-field.tsx'
import { count } from '~/ui/units.ts'
import classes from './access.module.css'
import type { Question } from './explain-form.tsx'
import type { Matrix } from './policy-shapes.ts'
import { ReachGrid, type ReachRow } from './reach-grid.tsx'
import type { Block } from './use-reach-cells.ts'

type Props = {
  block: Block
  onBy: (by: ReachGrouping) => void
  onFamily: (family: '4' | '6') => void
  onAsk: (question: Question) => void
}

type Group = Matrix['groups'][number]

const GROUPINGS: { value: ReachGrouping; label: string }[] = [
  { value: 'alike', label: 'Alike' },
  { value: 'tag', label: 'Tag' },
  { value: 'site', label: 'Site' },
  { value: 'node', label: 'Machine' },
]

const READS: Readonly<Record<ReachGrouping, string>> = {
  alike: 'Those who are treated alike by every rule stand together.',
  tag: 'Nodes by tag, devices by person, pods by cluster. “some” is what not all of them may.',
  site: 'Nodes by site, devices by person, pods by cluster. “some” is what not all of them may.',
  node: 'Each node, each device, and the pods of each node.',
}

/** A row and a column for each group, and what the first may say to the second. */
export function ReachTable({ block, onBy, onFamily, onAsk }: Props) {
  const { matrix, by, family } = block
  const [query, setQuery] = useState('')
  const wanted = query.trim().toLowerCase()
  const columns = useMemo(
    () => matrix.groups.map((group, place): ReachRow => ({ name: nameOf(group, by), title: titleOf(group), place })),
    [matrix.groups, by],
  )
  const rows = useMemo(
    () =>
      columns.filter(({ place, name }) => {
        const members = matrix.groups[place]?.members ?? []
        return wanted === '' || [name, ...members].some((one) => one.toLowerCase().includes(wanted))
      }),
    [columns, matrix.groups, wanted],
  )
  return (
    <>
      <div className={classes.tools}>
        <SearchField value={query} onChange={setQuery} label="Find a node, device or pod" />
        <SegmentedControl
          size="xs"
          aria-label="Grouped by"
          value={by}
          onChange={(value) => onBy(value as ReachGrouping)}
          data={GROUPINGS}
        />
        <SegmentedControl
          size="xs"
          aria-label="Address family"
          value={family}
          onChange={(value) => onFamily(value as '4' | '6')}
          data={[
            { value: '4', label: 'IPv4' },
            { value: '6', label: 'IPv6' },
          ]}
        />
      </div>
      <p className={classes.reads}>
        {READS[by]} A row reads: from here, to each column.
        {matrix.groups.length > 12 && ` ${count(matrix.groups.length, by === 'node' ? 'row' : 'group')}.`}
      </p>
      {matrix.groups.length === 0 ? (
        <p className={classes.quiet}>Nobody has an address here yet.</p>
      ) : rows.length === 0 ? (
        <p className={classes.quiet}>Nobody here is called “{query}”.</p>
      ) : (
        <ReachGrid
          // Another grouping begins at its corner.
          key={by}
          rows={rows}
          columns={columns}
          block={block}
          onAsk={(from, to, services) => {
            const [source, target] = [matrix.groups[from], matrix.groups[to]]
            if (source && target) onAsk(questionOf(source, target, services))
          }}
        />
      )}
    </>
  )
}

function nameOf({ label, members }: Group, by: ReachGrouping): string {
  if (by === 'node') return label
  if (by !== 'alike') return `${label} (${members.length.toLocaleString('en')})`
  const [, second] = members
  if (members.length <= 2) return second === undefined ? label : `${label}, ${second}`
  return `${label} and ${(members.length - 1).toLocaleString('en')} like it`
}

const TOLD = 40

function titleOf({ members }: Group): string {
  const rest = members.length - TOLD
  return `${members.slice(0, TOLD).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}

/** On the first port that is let through; where nothing is, on a port that everybody knows. */
function questionOf(from: Group, to: Group, services: string): Question {
  const [, proto, port] = /(tcp|udp) ([0-9]+)/.exec(services) ?? []
  const [source = ''] = from.ask
  const isPing = services === 'ping' || services === 'some: ping'
  return {
    from: source,
    to: to.ask.find((word) => word !== source) ?? source,
    proto: isPing ? 'icmp' : (proto ?? 'tcp'),
    port: isPing ? '' : (port ?? '443'),
  }
}
