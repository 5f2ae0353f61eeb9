import { Button, Select } from '@mantine/core'
import { IconAlertTriangle, IconTable } from '@tabler/icons-react'
import { SearchField } from '~/ui/search-field.tsx'
import classes from './topology.module.css'

interface Props {
  text: string
  site: string | null
  trouble: boolean
  asTable: boolean
  troubled: number
  sites: { id: string; name: string }[]
  summary: string
  onText(text: string): void
  onSite(site: string | null): void
  onTrouble(on: boolean): void
  onTable(on: boolean): void
  /** Enter in the search: to the first that was found */
  onFound(): void
}

/** Search and filters over the picture. What they do not keep is dimmed, not gone: the shape stays known. */
export function Toolbar(props: Props) {
  const { text, site, trouble, asTable, troubled, sites, summary } = props
  return (
    <div className={classes.over}>
      <search
        onKeyDown={(event) => {
          if (event.key === 'Enter') props.onFound()
        }}
      >
        <SearchField value={text} onChange={props.onText} label="Find a node, address or label" />
      </search>
      {sites.length > 0 && (
        <Select
          aria-label="Site"
          placeholder="All sites"
          w={150}
          clearable
          searchable
          data={sites.map(({ id, name }) => ({ value: id, label: name }))}
          value={site}
          onChange={props.onSite}
        />
      )}
      <Button
        variant={trouble ? 'light' : 'default'}
        aria-pressed={trouble}
        leftSection={<IconAlertTriangle size={15} stroke={1.6} aria-hidden />}
        onClick={() => props.onTrouble(!trouble)}
      >
        Trouble {troubled > 0 && `(${troubled})`}
      </Button>
      <Button
        variant={asTable ? 'light' : 'default'}
        aria-pressed={asTable}
        leftSection={<IconTable size={15} stroke={1.6} aria-hidden />}
        onClick={() => props.onTable(!asTable)}
      >
        Show as table
      </Button>
      <span className={classes.summary} role="status">
        {summary}
      </span>
    </div>
  )
}
