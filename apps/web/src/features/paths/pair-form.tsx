'use client'

import { useQuery } from '@tanstack/react-query'
import { useEffect, useId, useState } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import { ActionButton } from '~/ui/action-button.tsx'
import type { Matrix } from './path-shapes.ts'
import classes from './paths.module.css'

type Props = {
  network: string
  matrix: Matrix
  pair: readonly [string, string] | null
  onAsk: (pair: readonly [string, string]) => void
}

type Named = { readonly id: string; readonly name: string }

/** Any two nodes by name. The browser's own list: it finds by typing, and costs no script. */
export function PairForm({ network, matrix, pair, onAsk }: Props) {
  const list = useId()
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  // The matrix leaves out who is paused or kept out, and of many nodes it has the sites alone.
  const isAsked = pair !== null || from !== '' || to !== '' || matrix.by === 'site'
  const { data } = useQuery(useTRPC().node.list.queryOptions({ network }, { enabled: isAsked }))
  const nodes: readonly Named[] = data ?? (matrix.by === 'node' ? matrix.rows : [])
  const nameOf = (id: string | undefined) => nodes.find((node) => node.id === id)?.name
  const [first, second] = [nameOf(pair?.[0]), nameOf(pair?.[1])]
  useEffect(() => {
    if (first) setFrom(first)
    if (second) setTo(second)
  }, [first, second])
  const idOf = (name: string) => nodes.find((node) => node.name === name.trim().toLowerCase())?.id
  const [a, b] = [idOf(from), idOf(to)]
  return (
    <form
      className={classes.ask}
      aria-label="Why this path"
      onSubmit={(event) => {
        event.preventDefault()
        if (a && b && a !== b) onAsk([a, b])
      }}
    >
      <span>Why this path, from</span>
      <NodeInput label="From" list={list} value={from} onChange={setFrom} />
      to
      <NodeInput label="To" list={list} value={to} onChange={setTo} />
      <datalist id={list}>
        {nodes.map(({ id, name }) => (
          <option key={id} value={name} />
        ))}
      </datalist>
      <ActionButton type="submit" size="xs" variant="default" why={whyNot(from, to, a, b)}>
        Ask why
      </ActionButton>
    </form>
  )
}

type NodeInputProps = { label: 'From' | 'To'; list: string; value: string; onChange: (name: string) => void }

function NodeInput({ label, list, value, onChange }: NodeInputProps) {
  return (
    <input
      aria-label={label}
      placeholder={label.toLowerCase()}
      list={list}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      autoCapitalize="off"
      autoComplete="off"
      spellCheck={false}
    />
  )
}

function whyNot(from: string, to: string, a: string | undefined, b: string | undefined): string | null {
  if (from.trim() === '' || to.trim() === '') return 'Name two nodes first'
  if (!a) return `No node here is called ${from.trim()}`
  if (!b) return `No node here is called ${to.trim()}`
  return a === b ? 'A node reaches itself without a tunnel: name two' : null
}
