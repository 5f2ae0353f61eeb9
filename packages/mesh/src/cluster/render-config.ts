/** Our drop-in of k3s' configuration as text. Same entries, same bytes. */
import { invariant } from '../invariant.ts'
import type { ConfigEntry } from './config-entries.ts'
import { yamlKey, yamlScalar } from './yaml.ts'

const HEAD = `# Written by Spanwire and replaced when it changes. Keys of your own go into config.yaml or another file of config.yaml.d.
`

export function renderConfig(entries: readonly ConfigEntry[]): string {
  invariant(new Set(entries.map(({ key }) => key)).size === entries.length, 'each key stands once: k3s would take both')
  return HEAD + entries.map(renderEntry).join('')
}

function renderEntry({ key, value }: ConfigEntry): string {
  if (typeof value !== 'object') return `${yamlKey(key)}: ${yamlScalar(value)}\n`
  return `${yamlKey(key)}:\n${value.map((item) => `  - ${yamlScalar(item)}\n`).join('')}`
}
