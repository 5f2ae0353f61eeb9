import { Button } from '@mantine/core'
import { IconFilter } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { Choice } from '~/ui/choice.tsx'
import { type GraphFilter, isFiltered, NO_FILTER, STATUS_CHOICES } from './filter-graph.ts'
import classes from './topology.module.css'

interface Props {
  filter: GraphFilter
  sites: readonly { id: string; name: string }[]
  labels: readonly string[]
  onChange(change: Partial<GraphFilter>): void
}

const STATUS_WORDS = {
  trouble: 'In trouble',
  well: 'Well',
  unknown: 'Not known',
  invited: 'Invited',
  paused: 'Paused',
} as const

const ROLES = [
  { value: 'gateway', label: 'Gateways' },
  { value: 'member', label: 'Members' },
]

/** What is shown at all: the rest is taken off the map, places stay. */
export function FilterMenu({ filter, sites, labels, onChange }: Props) {
  const [open, setOpen] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (!open) return
    const outside = (event: Event) => box.current?.contains(event.target as Node) || setOpen(false)
    const leave = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      event.stopPropagation()
      setOpen(false)
      button.current?.focus()
    }
    const element = box.current
    element?.addEventListener('keydown', leave)
    document.addEventListener('pointerdown', outside)
    document.addEventListener('focusin', outside)
    return () => {
      element?.removeEventListener('keydown', leave)
      document.removeEventListener('pointerdown', outside)
      document.removeEventListener('focusin', outside)
    }
  }, [open])
  const inUse = Object.values(filter).filter((value) => value !== null).length
  const choice = (of: keyof GraphFilter, label: string, data: readonly { value: string; label: string }[]) => (
    <Choice
      above
      label={label}
      any={`Any ${label.toLowerCase()}`}
      data={data}
      value={filter[of]}
      onChange={(value) => onChange({ [of]: value })}
    />
  )
  return (
    <div ref={box} className={classes.anchor}>
      <Button
        ref={button}
        variant={inUse > 0 ? 'light' : 'default'}
        leftSection={<IconFilter size={15} stroke={1.6} aria-hidden />}
        className={classes.tool}
        aria-expanded={open}
        aria-label={inUse > 0 ? `Filter (${inUse})` : 'Filter'}
        onClick={() => setOpen(!open)}
      >
        <span>Filter</span>
        {inUse > 0 && <span className={classes.count}>({inUse})</span>}
      </Button>
      {open && (
        <fieldset className={classes.filters} aria-label="Filter">
          {sites.length > 0 &&
            choice(
              'site',
              'Site',
              sites.map(({ id, name }) => ({ value: id, label: name })),
            )}
          {choice('role', 'Role', ROLES)}
          {choice(
            'status',
            'Status',
            STATUS_CHOICES.map((value) => ({ value, label: STATUS_WORDS[value] })),
          )}
          {labels.length > 0 &&
            choice(
              'label',
              'Label',
              labels.map((value) => ({ value, label: value })),
            )}
          {isFiltered(filter) && (
            <Button variant="default" onClick={() => onChange(NO_FILTER)}>
              Show all
            </Button>
          )}
        </fieldset>
      )}
    </div>
  )
}
