import { IconSelector } from '@tabler/icons-react'
import { useId } from 'react'
import classes from './choice.module.css'

type Props = {
  /** what is chosen; seen as well when it is `above` */
  label: string
  above?: boolean
  /** the first option: nothing chosen */
  any: string
  data: readonly { value: string; label: string }[]
  value: string | null
  onChange: (value: string | null) => void
}

/** One of some, or any: the browser's own list, which every keyboard, thumb and screen reader knows, and which costs no script. */
export function Choice({ label, above, any, data, value, onChange }: Props) {
  const id = useId()
  // What a link asks for may be gone: it is shown all the same, or the page would filter by what nobody sees.
  const isKnown = value === null || data.some((option) => option.value === value)
  return (
    <div className={classes.choice}>
      {above && (
        <label htmlFor={id} className={classes.label}>
          {label}
        </label>
      )}
      <div className={classes.field} data-chosen={value !== null || undefined}>
        <select
          id={id}
          aria-label={above ? undefined : label}
          value={value ?? ''}
          onChange={(event) => onChange(event.currentTarget.value || null)}
        >
          <option value="">{any}</option>
          {!isKnown && <option value={value ?? ''}>gone</option>}
          {data.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
        <IconSelector size={14} stroke={1.8} aria-hidden />
      </div>
    </div>
  )
}
