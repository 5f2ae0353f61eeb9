import classes from './field-ghost.module.css'

/** A field whose script is on its way, in its height: label, description, input. */
export function FieldGhost({ label }: { label: string }) {
  return (
    <div className={classes.ghost} aria-busy>
      <span className={classes.label}>{label}</span>
      <span className={classes.field} />
    </div>
  )
}
