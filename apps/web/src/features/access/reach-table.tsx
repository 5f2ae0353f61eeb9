'use client'

import { SegmentedControl } from '@mantine/core'
import { type KeyboardEvent, useMemo, useState } from 'react'
import { SearchField } from '~/ui/search-field.tsx'
import { count } from '~/ui/units.ts'
import classes from './access.module.css'
import type { Question } from './explain-form.tsx'
import type { Matrix } from './policy-shapes.ts'

type Props = {
  matrix: Matrix
  family: '4' | '6'
  onFamily: (family: '4' | '6') => void
  /** their names: pods are asked for by them */
  clusters: readonly string[]
  onAsk: (question: Question) => void
}

type Group = Matrix['groups'][number]

/** A row and a column for each group of those who are treated alike: a thousand machines are a few dozen of them. */
export function ReachTable({ matrix, family, onFamily, clusters, onAsk }: Props) {
  const [query, setQuery] = useState('')
  // One cell is on the way of Tab, and arrows lead from there: thousands of stops are a wall.
  const [stop, setStop] = useState({ row: 0, column: 0 })
  const wanted = query.trim().toLowerCase()
  const rows = useMemo(
    () =>
      matrix.groups
        .map((group, place) => ({ group, place }))
        .filter(({ group }) => wanted === '' || group.members.some((name) => name.toLowerCase().includes(wanted))),
    [matrix, wanted],
  )
  return (
    <>
      <div className={classes.tools}>
        <SearchField value={query} onChange={setQuery} label="Find a node, device or pod" />
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
      {matrix.groups.length === 0 ? (
        <p className={classes.quiet}>Nobody has an address here yet.</p>
      ) : rows.length === 0 ? (
        <p className={classes.quiet}>Nobody here is called “{query}”.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls, also by keyboard
        <section className={classes.matrix} tabIndex={0} aria-label="Who reaches what">
          <table>
            <thead>
              <tr>
                <td>
                  <span className={classes.quiet}>from ↓ to →</span>
                </td>
                {matrix.groups.map((group) => (
                  <th key={group.members[0]} scope="col" title={group.members.join(', ')}>
                    {nameOf(group)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ group, place }, row) => (
                <tr key={group.members[0]}>
                  <th scope="row" title={group.members.join(', ')}>
                    {nameOf(group)}
                  </th>
                  {matrix.groups.map((to, column) => {
                    const services = matrix.cells[place]?.[column] ?? 'nothing'
                    return (
                      <td key={to.members[0]} data-reach={kindOf(services)}>
                        <button
                          type="button"
                          data-cell={`${row} ${column}`}
                          tabIndex={row === Math.min(stop.row, rows.length - 1) && column === stop.column ? 0 : -1}
                          onFocus={() => setStop({ row, column })}
                          onKeyDown={(event) => walk(event, row, column)}
                          onClick={() => onAsk(questionOf(group, to, services, clusters))}
                          aria-label={`${nameOf(group)} to ${nameOf(to)}: ${services}`}
                        >
                          {services}
                        </button>
                      </td>
                    )
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {matrix.more > 0 && (
        <p className={classes.quiet}>And {count(matrix.more, 'smaller group')}; ask above about anybody in them.</p>
      )}
    </>
  )
}

const kindOf = (services: string) =>
  services === 'nothing' ? 'nothing' : services.startsWith('everything') ? 'everything' : 'some'

function nameOf({ members, count }: Group): string {
  const [first = '', second] = members
  if (count <= 2) return second === undefined ? first : `${first}, ${second}`
  return `${first} and ${(count - 1).toLocaleString('en')} like it`
}

function walk(event: KeyboardEvent<HTMLElement>, row: number, column: number): void {
  const step = STEPS[event.key]
  const table = event.currentTarget.closest('table')
  const next = step && table?.querySelector<HTMLElement>(`[data-cell="${row + step[0]} ${column + step[1]}"]`)
  if (!next) return
  event.preventDefault()
  next.focus()
}

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
}

/** About one of each, on the first port that is let through; where nothing is, on a port that everybody knows. */
function questionOf(from: Group, to: Group, services: string, clusters: readonly string[]): Question {
  const [, proto, port] = /(tcp|udp) ([0-9]+)/.exec(services) ?? []
  const target = to.members.find((name) => name !== from.members[0]) ?? to.members[0] ?? ''
  return {
    from: wordOf(from.members[0] ?? '', clusters),
    to: wordOf(target, clusters),
    proto: services === 'ping' ? 'icmp' : (proto ?? 'tcp'),
    port: services === 'ping' ? '' : (port ?? '443'),
  }
}

/** Groups are named as people read them: `phone of ada@example.com` is a device, `pods of home-2` are pods of its cluster. */
function wordOf(label: string, clusters: readonly string[]): string {
  if (label.startsWith('pods of ')) return `pods:${clusters[0] ?? ''}`
  const device = /^(.+) of [^ ]+@[^ ]+$/.exec(label)?.[1]
  return device === undefined ? label : `device:${device}`
}
