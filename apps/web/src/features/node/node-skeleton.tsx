import type { ReactNode } from 'react'
import { Page } from '~/ui/page.tsx'
import classes from './node-skeleton.module.css'
import view from './node-view.module.css'

/** The node's page in its shape. */
export function NodeSkeleton({ above }: { above: ReactNode }) {
  return (
    <Page title={<span className={classes.title} />} above={above} lead=" ">
      <div className={view.columns} role="status" aria-label="Loading the node">
        <div className={view.main}>
          {[0, 1, 2].map((fact) => (
            <div key={fact} className={classes.fact}>
              <span className={classes.bar} style={{ width: 72 }} />
              <span className={classes.bar} style={{ width: `${[46, 58, 34][fact]}%` }} />
            </div>
          ))}
          <div className={classes.charts}>
            {[0, 1, 2, 3, 4].map((chart) => (
              <span key={chart} className={classes.chart} />
            ))}
          </div>
        </div>
        <div className={classes.side}>
          {[60, 40, 52, 70, 64, 80].map((width) => (
            <span key={width} className={classes.bar} style={{ width: `${width}%` }} />
          ))}
        </div>
      </div>
    </Page>
  )
}
