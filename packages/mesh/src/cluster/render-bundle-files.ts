/**
 * The files of a bundle that are about k3s, under `k3s/`. The script on the node has the list of where each goes; a name that it
 * does not know is refused there, so a server can place no other file.
 *
 *   k3s/install          key value lines: what to run
 *   k3s/config.yaml      CONFIG_PATH
 *   k3s/secrets.yaml     SECRETS_PATH       only with an external datastore
 *   k3s/token            TOKEN_PATH         only for a join
 *   k3s/registries.yaml  REGISTRIES_PATH    only when there are mirrors
 *   k3s/unit.conf        /etc/systemd/system/UNIT.service.d/10-spanwire.conf
 *   k3s/openrc.conf      /etc/conf.d/UNIT
 *   k3s/probe.yaml       MANIFESTS_PATH     on servers: a pod on each node that a ping proves
 *   k3s/access.yaml      MANIFESTS_PATH     on servers: what people may do
 */
import { invariant } from '../invariant.ts'
import type { ClusterNode } from './cluster-node.ts'
import type { ClusterSettings } from './cluster-settings.ts'
import { apiUrl, type ConfigPlace, configEntries } from './config-entries.ts'
import { unitOf } from './k3s-paths.ts'
import { renderConfig } from './render-config.ts'
import { type ClusterPerson, renderAccess, renderProbe } from './render-manifests.ts'
import { renderRegistries } from './render-registries.ts'
import { renderOpenrcDropIn, renderUnitDropIn } from './render-unit-drop-in.ts'
import { yamlString } from './yaml.ts'

export type K3sFile = { readonly name: string; readonly text: string; readonly mode: '0600' | '0644' }

export type ClusterSecrets = {
  /** Of an external datastore; it holds a password. */
  readonly datastoreEndpoint: string | null
  /** For a join: the server token for a server, a token made for this one join for an agent. */
  readonly token: string | null
}

export function renderBundleFiles(
  cluster: ClusterSettings,
  node: ClusterNode,
  place: ConfigPlace,
  secrets: ClusterSecrets,
  people: readonly ClusterPerson[],
): K3sFile[] {
  invariant(
    (place.role === 'server-first') === (place.serverAddress === null),
    'all but the first server join a server',
  )
  invariant(
    place.role === 'agent' || (cluster.datastore === 'external') === (secrets.datastoreEndpoint !== null),
    'an external datastore, and no other, has an address',
  )
  const files: K3sFile[] = [
    { name: 'k3s/install', text: installLines(cluster, node, place), mode: '0600' },
    { name: 'k3s/config.yaml', text: renderConfig(configEntries(cluster, node, place)), mode: '0600' },
  ]
  if (secrets.datastoreEndpoint !== null && place.role !== 'agent') {
    files.push({
      name: 'k3s/secrets.yaml',
      text: `# Written by Spanwire. Secret.\ndatastore-endpoint: ${yamlString(secrets.datastoreEndpoint)}\n`,
      mode: '0600',
    })
  }
  if (secrets.token !== null) files.push({ name: 'k3s/token', text: `${must(TOKEN, secrets.token)}\n`, mode: '0600' })
  const registries = renderRegistries(cluster.registryMirrors)
  if (registries !== null) files.push({ name: 'k3s/registries.yaml', text: registries, mode: '0600' })
  files.push(
    { name: 'k3s/unit.conf', text: renderUnitDropIn(), mode: '0644' },
    { name: 'k3s/openrc.conf', text: renderOpenrcDropIn(), mode: '0644' },
  )
  if (place.role !== 'agent') {
    files.push(
      { name: 'k3s/probe.yaml', text: renderProbe(), mode: '0600' },
      { name: 'k3s/access.yaml', text: renderAccess(people), mode: '0600' },
    )
  }
  return files
}

/** For a shell that reads `while read -r key value`. `-` stands for nothing. */
function installLines(cluster: ClusterSettings, node: ClusterNode, place: ConfigPlace): string {
  const role = place.role === 'agent' ? 'agent' : 'server'
  const { release, installer } = cluster
  const lines = [
    ['role', role],
    ['first', place.role === 'server-first' ? 'yes' : 'no'],
    ['unit', unitOf(role)],
    release.kind === 'version'
      ? ['version', must(/^v1\.[0-9]+\.[0-9]+(-rc[0-9]+)?\+k3s[0-9]+$/, release.version)]
      : ['channel', must(/^(stable|latest|v1\.[0-9]+)$/, release.channel)],
    [
      'installer',
      must(/^(https:\/\/[A-Za-z0-9.:[\]-]+(\/[A-Za-z0-9._/+%-]*)?|(\/[A-Za-z0-9._-]+)+)$/, installer.source),
    ],
    ['installer-sha256', installer.sha256 === null ? '-' : must(/^[0-9a-f]{64}$/, installer.sha256)],
    ['skip-download', String(cluster.airGap)],
    ['server', place.serverAddress === null ? '-' : apiUrl(must(/^[0-9a-f:.]+$/, place.serverAddress))],
    ['name', must(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, node.name)],
    ['node-ip', must(/^[0-9.]+$/, node.address4)],
    ['interface', must(/^[a-z][a-z0-9_-]{0,14}$/, place.interfaceName)],
    ['backend', must(/^(host-gw|vxlan|none)$/, cluster.flannelBackend)],
  ]
  return `${lines.map((line) => line.join(' ')).join('\n')}\n`
}

/** Printable and without spaces; k3s-token.ts knows the forms. */
const TOKEN = /^[\x21-\x7e]{1,512}$/

/** The message names the rule and not the value: it may be a token. */
function must(pattern: RegExp, value: string): string {
  invariant(pattern.test(value), `a value for k3s fits ${pattern.source}`)
  return value
}
