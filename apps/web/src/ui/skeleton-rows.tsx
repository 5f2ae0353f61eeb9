import classes from './skeleton-rows.module.css'

/** Rows that will be a list or a table, in its place and height. */
export function SkeletonRows({ rows = 8, height = 40 }: { rows?: number; height?: number }) {
  return (
    <div role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all the same
        <div key={index} className={classes.row} style={{ height }}>
          <span className={classes.bar} style={{ width: `${[22, 30, 18, 26][index % 4]}%` }} />
          <span className={classes.bar} style={{ width: '12%' }} />
          <span className={classes.bar} style={{ width: '34%' }} />
        </div>
      ))}
    </div>
  )
}

/** A page on its way: head and rows. */
export function PageSkeleton() {
  return (
    <div className={classes.page}>
      <span className={classes.title} />
      <SkeletonRows />
    </div>
  )
}
