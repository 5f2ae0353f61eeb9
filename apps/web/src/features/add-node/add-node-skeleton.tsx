import { Page } from '~/ui/page.tsx'
import classes from './add-node-skeleton.module.css'
import joinClasses from './join.module.css'

/** The page in its shape, while its invitation is made. */
export function AddNodeSkeleton({ lead }: { lead: string }) {
  return (
    <Page title="Add node" lead={lead}>
      <div className={joinClasses.columns} role="status" aria-label="Making the invitation">
        <div className={classes.form}>
          {[0, 1, 2, 3].map((field) => (
            <div key={field}>
              <span className={classes.label} />
              <span className={classes.field} />
            </div>
          ))}
        </div>
        <div className={joinClasses.right}>
          <div>
            <span className={classes.label} />
            <span className={classes.line} />
          </div>
          <LedgerSkeleton />
        </div>
      </div>
    </Page>
  )
}

export function LedgerSkeleton() {
  return (
    <div className={classes.steps}>
      {[52, 44, 30, 40, 60, 48].map((width) => (
        <div key={width} className={classes.step}>
          <span className={classes.mark} />
          <span className={classes.words} style={{ width: `${width}%` }} />
        </div>
      ))}
    </div>
  )
}
