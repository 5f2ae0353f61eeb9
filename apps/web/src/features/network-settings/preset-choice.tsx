import { useId } from 'react'
import classes from './topology-settings.module.css'

export type Topology = 'hub' | 'sites' | 'mesh'

const PRESETS = [
  {
    value: 'hub',
    name: 'Hub',
    text: 'Nobody: each node has a tunnel to its gateway, and everything goes through it. The simplest, and the fewest tunnels.',
  },
  {
    value: 'sites',
    name: 'Sites',
    text: 'Nodes of the same site, over their LAN where they share one. Gateways carry what goes between sites.',
  },
  {
    value: 'mesh',
    name: 'Mesh',
    text: 'Nodes of the same site, and any two that talk with each other. Gateways carry what no direct path is found for.',
  },
] as const satisfies readonly { value: Topology; name: string; text: string }[]

type Props = { value: Topology; applied: Topology; onChange: (value: Topology) => void }

/** One of three, each with what it means. */
export function PresetChoice({ value, applied, onChange }: Props) {
  const group = useId()
  return (
    <fieldset className={classes.presets} aria-label="Who is reached directly">
      {PRESETS.map((preset) => (
        <label key={preset.value} className={classes.preset} data-chosen={value === preset.value || undefined}>
          <input
            type="radio"
            name={group}
            value={preset.value}
            checked={value === preset.value}
            onChange={() => onChange(preset.value)}
          />
          <span>
            <b>
              {preset.name}
              {applied === preset.value && <span className={classes.applied}> · in use</span>}
            </b>
            <span className={classes.says}>{preset.text}</span>
          </span>
        </label>
      ))}
    </fieldset>
  )
}
