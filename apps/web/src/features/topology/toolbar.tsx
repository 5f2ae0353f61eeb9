import { Button } from '@mantine/core'
import { IconAlertTriangle, IconTable, IconTopologyStar3 } from '@tabler/icons-react'
import type { GraphFilter } from './filter-graph.ts'
import { FilterMenu } from './filter-menu.tsx'
import { Finder } from './finder.tsx'
import type { GraphNode } from './graph.ts'
import classes from './topology.module.css'

interface Props {
  text: string
  found: readonly GraphNode[]
  filter: GraphFilter
  sites: readonly { id: string; name: string }[]
  labels: readonly string[]
  troubled: number
  asTable: boolean
  summary: string
  onText(text: string): void
  onPick(node: string): void
  onFilter(change: Partial<GraphFilter>): void
  onTable(on: boolean): void
}

/** Over the picture: find, narrow, and read the same as a table. */
export function Toolbar(props: Props) {
  const { filter, troubled, asTable, summary } = props
  const trouble = filter.status === 'trouble'
  return (
    <div className={classes.over}>
      <Finder text={props.text} found={props.found} onText={props.onText} onPick={props.onPick} />
      <FilterMenu filter={filter} sites={props.sites} labels={props.labels} onChange={props.onFilter} />
      <Button
        variant={trouble ? 'light' : 'default'}
        color={trouble ? 'bad' : undefined}
        aria-pressed={trouble}
        aria-label={`In trouble (${troubled})`}
        leftSection={<IconAlertTriangle size={15} stroke={1.6} aria-hidden />}
        className={classes.tool}
        onClick={() => props.onFilter({ status: trouble ? null : 'trouble' })}
      >
        <span>In trouble</span>
        {troubled > 0 && <span className={classes.count}>({troubled})</span>}
      </Button>
      <Button
        variant="default"
        aria-label={asTable ? 'Show as map' : 'Show as table'}
        leftSection={
          asTable ? (
            <IconTopologyStar3 size={15} stroke={1.6} aria-hidden />
          ) : (
            <IconTable size={15} stroke={1.6} aria-hidden />
          )
        }
        className={classes.tool}
        onClick={() => props.onTable(!asTable)}
      >
        <span>{asTable ? 'Show as map' : 'Show as table'}</span>
      </Button>
      <span className={classes.summary} role="status">
        {summary}
      </span>
    </div>
  )
}
