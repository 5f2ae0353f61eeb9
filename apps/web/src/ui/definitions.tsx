import { beginSentence } from '@spanwire/mesh/names/begin-sentence'
import type { ReactNode } from 'react'
import classes from './definitions.module.css'

/** Names and values, one under the other. */
export function Definitions({ title, rows }: { title: string; rows: readonly (readonly [string, ReactNode])[] }) {
  return (
    <section className={classes.part}>
      <h2 className={classes.title}>{title}</h2>
      <dl className={classes.list}>
        {rows.map(([name, value]) => (
          <div key={name} className={classes.row}>
            <dt>{beginSentence(name)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
