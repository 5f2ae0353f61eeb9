/** /etc/rancher/k3s/registries.yaml: where images come from. Without credentials, which do not belong into a bundle. */
import type { RegistryMirror } from './cluster-settings.ts'
import { yamlString } from './yaml.ts'

/** Null when there are none: a file of the operator's stays as it is then. */
export function renderRegistries(mirrors: readonly RegistryMirror[]): string | null {
  if (mirrors.length === 0) return null
  const sorted = [...mirrors].sort((a, b) => (a.registry < b.registry ? -1 : 1))
  return `# Written by Spanwire and replaced when it changes.\nmirrors:\n${sorted.map(renderMirror).join('')}`
}

function renderMirror({ registry, endpoints }: RegistryMirror): string {
  // With the embedded registry it is enough that the name stands here: nodes then share its images.
  if (endpoints.length === 0) return `  ${yamlString(registry)}: {}\n`
  return `  ${yamlString(registry)}:\n    endpoint:\n${endpoints.map((endpoint) => `      - ${yamlString(endpoint)}\n`).join('')}`
}
