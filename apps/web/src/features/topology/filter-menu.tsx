import { Button, Popover, Select } from '@mantine/core'
import { IconFilter } from '@tabler/icons-react'
import { type GraphFilter, isFiltered, STATUS_CHOICES } from './filter-graph.ts'
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

/** What is shown at all: the rest is taken off the map, places stay. */
export function FilterMenu({ filter, sites, labels, onChange }: Props) {
  const inUse = Object.values(filter).filter((value) => value !== null).length
  return (
    <Popover position="bottom-start" width={260} trapFocus withinPortal={false}>
      <Popover.Target>
        <Button
          variant={inUse > 0 ? 'light' : 'default'}
          leftSection={<IconFilter size={15} stroke={1.6} aria-hidden />}
          className={classes.tool}
        >
          <span>Filter</span>
          {inUse > 0 && <span> ({inUse})</span>}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={classes.filters}>
        <Choice
          label="Site"
          any="Any site"
          data={sites.map(({ id, name }) => ({ value: id, label: name }))}
          value={filter.site}
          onChange={(site) => onChange({ site })}
        />
        <Choice
          label="Role"
          any="Any role"
          data={[
            { value: 'gateway', label: 'Gateways' },
            { value: 'member', label: 'Members' },
          ]}
          value={filter.role}
          onChange={(role) => onChange({ role })}
        />
        <Choice
          label="Status"
          any="Any status"
          data={STATUS_CHOICES.map((value) => ({ value, label: STATUS_WORDS[value] }))}
          value={filter.status}
          onChange={(status) => onChange({ status: status as GraphFilter['status'] })}
        />
        {labels.length > 0 && (
          <Choice
            label="Label"
            any="Any label"
            data={labels.map((value) => ({ value, label: value }))}
            value={filter.label}
            onChange={(label) => onChange({ label })}
          />
        )}
        <Button
          variant="default"
          disabled={!isFiltered(filter)}
          onClick={() => onChange({ site: null, role: null, status: null, label: null })}
        >
          Show all
        </Button>
      </Popover.Dropdown>
    </Popover>
  )
}

type ChoiceProps = {
  label: string
  any: string
  data: { value: string; label: string }[]
  value: string | null
  onChange: (value: string | null) => void
}

function Choice({ any, ...props }: ChoiceProps) {
  return (
    <Select
      {...props}
      placeholder={any}
      clearable
      searchable={props.data.length > 8}
      comboboxProps={{ withinPortal: false }}
    />
  )
}
