import { IconSearch } from '@tabler/icons-react'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { StatusMark } from '~/ui/status-mark.tsx'
import classes from './finder.module.css'
import { type GraphNode, worstStatus } from './graph.ts'

interface Props {
  text: string
  found: readonly GraphNode[]
  onText(text: string): void
  onPick(node: string): void
}

const SHOWN = 8

/** Type, and jump: what fits is lit on the map and listed here; Enter goes to the first. */
export function Finder({ text, found, onText, onPick }: Props) {
  const [open, setOpen] = useState(false)
  const [active, setActive] = useState(0)
  const input = useRef<HTMLInputElement>(null)
  const list = useId()
  const shown = found.slice(0, SHOWN)
  const isOpen = open && text.trim() !== ''
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text begins at the top again
  useEffect(() => setActive(0), [text])

  const choose = (node: GraphNode | undefined) => {
    if (!node) return
    setOpen(false)
    onPick(node.id)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) setActive((at) => (at + step + shown.length) % Math.max(1, shown.length))
    else if (event.key === 'Enter') choose(shown[active])
    else if (event.key === 'Escape' && text !== '') onText('')
    else return
    event.preventDefault()
  }
  return (
    <search className={classes.finder}>
      <label className={classes.field}>
        <IconSearch size={16} stroke={1.6} aria-hidden />
        <input
          ref={input}
          type="search"
          role="combobox"
          aria-expanded={isOpen}
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={isOpen && shown[active] ? `${list}-${active}` : undefined}
          aria-label="Find a node, address or label"
          placeholder="Find a node, address, label"
          value={text}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            setOpen(true)
            onText(event.currentTarget.value)
          }}
          onFocus={() => setOpen(true)}
          onBlur={() => setOpen(false)}
          onKeyDown={onKeyDown}
        />
      </label>
      <div id={list} role="listbox" aria-label="Nodes found" className={classes.results} hidden={!isOpen}>
        {shown.map((node, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the input's, as in every combobox
          // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the input, as in every combobox
          <div
            key={node.id}
            id={`${list}-${index}`}
            role="option"
            aria-selected={index === active}
            className={classes.result}
            // before the field loses the focus, which closes the list
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => choose(node)}
          >
            <StatusMark status={worstStatus(node)} />
            <span>{node.name}</span>
            <span className={classes.where}>{[node.siteName, node.address4].filter(Boolean).join(' · ')}</span>
          </div>
        ))}
        {isOpen && shown.length === 0 && <p className={classes.none}>No node fits.</p>}
        {found.length > SHOWN && <p className={classes.none}>and {found.length - SHOWN} more</p>}
      </div>
    </search>
  )
}
