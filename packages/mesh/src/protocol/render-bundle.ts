/**
 * A node's view as the files of a bundle, exactly as docs/protocol.md has them. Every value is checked against the grammar there:
 * a name can never become a line. What does not fit is a bug of ours and throws, before anything is sent.
 */

import { renderClusterFirewall } from '../cluster/render-cluster-firewall.ts'
import { invariant } from '../invariant.ts'
import { formatAddress } from '../ip/address.ts'
import { formatPrefix } from '../ip/prefix.ts'
import { withStaged } from '../keys/with-staged.ts'
import type { NodeView, Tunnel } from '../paths/node-view.ts'
import { KEY_PATTERN } from '../wireguard/key.ts'
import { renderSetconf } from '../wireguard/render-setconf.ts'
import { count, ID, INTERFACE, must, NAME, text } from './bundle-grammar.ts'
import { HASH_PATTERN } from './read-fields.ts'
import { renderFirewall } from './render-firewall.ts'
import { type KeysExtras, renderKeys } from './render-keys.ts'
import { renderPaths } from './render-paths.ts'
import { type OpenRequest, renderRequest } from './request-kinds.ts'

export type BundleFile = { readonly name: string; readonly text: string }

/** What is the same for all nodes of a server: part of a view, so that a new script or address reaches every node once. */
export type ServerFacts = {
  readonly script: { readonly version: string; readonly sha256: string }
  /** In order; `pin` is `sha256//…` for a self-signed server. */
  readonly servers: readonly { readonly url: string; readonly pin: string | null }[]
}

export type BundleMeta = {
  readonly epoch: number
  readonly revision: number
  /** Only in the answer to an enrolment. */
  readonly tombstone: string | null
}

/** What a node is to have beside its tunnels. */
export type Extras = {
  /** A further part of the script, which the node fetches when its hash is another. */
  readonly part: { readonly name: 'k3s'; readonly version: string; readonly sha256: string } | null
  /** Under `k3s/`. */
  readonly files: readonly BundleFile[]
  readonly requests: readonly OpenRequest[]
  /** Chains of the confirmed policy for this node (policy/render-access.ts); none while nothing is judged. */
  readonly access?: string | null
  /** In a network that has a policy, or has one on trial. */
  readonly policy?: PolicyExtras | null
  /** Of the part that chooses paths; null for a node whose script would refuse its files. */
  readonly paths?: { readonly name: 'paths'; readonly version: string; readonly sha256: string } | null
  /** While its keys, or those of a peer, are rotated. */
  readonly keys?: KeysExtras | null
  /** Of the part that reads deltas; null for a node whose script has no use for it. */
  readonly delta?: { readonly name: 'delta'; readonly version: string; readonly sha256: string } | null
  /** Of the part that tells how a node is, to who sits at it; null for a script that does so itself. */
  readonly status?: { readonly name: 'status'; readonly version: string; readonly sha256: string } | null
}

export type PolicyExtras = {
  readonly part: { readonly name: 'access'; readonly version: string; readonly sha256: string }
  /** The version that holds; 0 while there is none. */
  readonly confirmed: number
  /** A version on trial, on a node that was well when it began. */
  readonly trial: {
    readonly id: string
    readonly number: number
    /** After so many the node returns by itself. */
    readonly seconds: number
    readonly access: string | null
  } | null
}

export const NO_EXTRAS: Extras = { part: null, files: [], requests: [] }

export function renderBundle(
  view: NodeView,
  server: ServerFacts,
  meta: BundleMeta,
  sha256hex: (text: string) => string,
  extras: Extras = NO_EXTRAS,
): BundleFile[] {
  return bundleFiles(renderView(view, server, sha256hex, extras), meta, sha256hex)
}

/** A bundle but for its revision: what is the same of it in two revisions is made once. */
export type Rendering = {
  /** Lines of `meta`. */
  readonly fixed: readonly string[]
  readonly files: readonly BundleFile[]
  /** Of everything but epoch, revision and tombstone: equal fingerprints mean that the node has nothing to do. */
  readonly fingerprint: string
}

export function bundleFiles(
  { fixed, files, fingerprint }: Rendering,
  meta: BundleMeta,
  sha256hex: (text: string) => string,
): BundleFile[] {
  const lines = [
    ...fixed.slice(0, STATE_LINES),
    `epoch ${count(meta.epoch)}`,
    `revision ${count(meta.revision)}`,
    `view ${must(HASH_PATTERN, fingerprint)}`,
    ...(meta.tombstone === null ? [] : [`tombstone ${must(/^swt_[A-Za-z0-9_-]{43}$/, meta.tombstone)}`]),
    ...fixed.slice(STATE_LINES),
  ]
  const all = [{ name: 'meta', text: text(lines) }, ...files]
  const sums = all.map((file) => `${sumOf(file, sha256hex)}  ${file.name}`)
  return [...all, { name: 'SHA256SUMS', text: text(sums) }]
}

/** A rendering is sent, and at the next change it is what that is told against. */
const sums = new WeakMap<BundleFile, string>()

function sumOf(file: BundleFile, sha256hex: (text: string) => string): string {
  const known = sums.get(file)
  if (known !== undefined) return known
  const sum = sha256hex(file.text)
  sums.set(file, sum)
  return sum
}

function fingerprintText(fixed: readonly string[], files: readonly BundleFile[]): string {
  // No file holds a NUL, so two different bundles never read alike.
  return [text(fixed), ...files.flatMap((file) => [file.name, file.text])].join('\0')
}

/** How many lines of `fixed` come before epoch and revision. */
const STATE_LINES = 8

export function renderView(
  planned: NodeView,
  server: ServerFacts,
  sha256hex: (text: string) => string,
  extras: Extras = NO_EXTRAS,
): Rendering {
  const { view, present } = withStaged(planned, extras.keys?.staged ?? [])
  const keys = extras.keys ? renderKeys(extras.keys.own, present) : null
  const paths = extras.paths ? view.paths : null
  const fixed = [
    'format 1',
    'kind full',
    `network ${must(ID, view.network.id)}`,
    `network-name ${must(NAME, view.network.name)}`,
    `node ${must(ID, view.node.id)}`,
    `name ${must(NAME, view.node.name)}`,
    `role ${view.node.role}`,
    `state ${view.state}`,
    `script ${versioned(server.script)}`,
    ...server.servers.map(({ url, pin }) => `server ${must(URL_PATTERN, url)} ${pin === null ? '-' : must(PIN, pin)}`),
    ...(extras.part === null ? [] : [`part ${extras.part.name} ${versioned(extras.part)}`]),
    ...(extras.policy ? [`part ${extras.policy.part.name} ${versioned(extras.policy.part)}`] : []),
    ...(paths && extras.paths ? [`part ${extras.paths.name} ${versioned(extras.paths)}`] : []),
    ...(keys && extras.keys ? [`part ${extras.keys.part.name} ${versioned(extras.keys.part)}`] : []),
    ...(extras.delta ? [`part ${extras.delta.name} ${versioned(extras.delta)}`] : []),
    ...(extras.status ? [`part ${extras.status.name} ${versioned(extras.status)}`] : []),
  ]
  const sysctls =
    view.forwards || view.routes.length > 0 ? ['net.ipv4.ip_forward 1', 'net.ipv6.conf.all.forwarding 1'] : []
  const each = (lines: (tunnel: Tunnel) => readonly string[]) => text(view.tunnels.flatMap(lines))
  const files = [
    {
      name: 'interfaces',
      text: each((tunnel) => [`${iface(tunnel)} ${count(tunnel.listenPort)} ${count(tunnel.mtu)}`]),
    },
    {
      name: 'addresses',
      text: each((tunnel) =>
        tunnel.addresses.map(({ address, length }) => `${iface(tunnel)} ${formatAddress(address)}/${count(length)}`),
      ),
    },
    { name: 'routes', text: each((tunnel) => tunnel.routes.map((route) => `${iface(tunnel)} ${formatPrefix(route)}`)) },
    { name: 'sysctls', text: text(sysctls) },
    ...view.tunnels.map((tunnel) => ({ name: `peers/${iface(tunnel)}`, text: peers(tunnel) })),
    {
      name: 'names',
      text: each((tunnel) =>
        [...tunnel.peers, ...tunnel.devices, ...tunnel.seen].map(
          (peer) => `${must(KEY_PATTERN, peer.publicKey)} ${must(NAME, peer.name)}`,
        ),
      ),
    },
    {
      name: 'probes',
      text: each((tunnel) =>
        tunnel.peers.map(
          (peer) =>
            `${iface(tunnel)} ${must(KEY_PATTERN, peer.publicKey)} ${formatAddress(peer.probe6)} ${formatAddress(peer.probe4)}`,
        ),
      ),
    },
    {
      name: 'candidates',
      text: text(
        view.candidates.map(({ destination, interfaces }) =>
          [destination === 'default' ? destination : formatPrefix(destination), ...interfaces].join(' '),
        ),
      ),
    },
    { name: 'firewall.nft', text: firewall(view, extras.access ?? '') },
    ...(extras.policy ? policyFiles(view, extras.policy) : []),
    ...(keys ? [keys] : []),
    ...(paths ? renderPaths(paths) : []),
    ...extras.files.map(({ name, text }) => ({ name: must(/^k3s\/[a-z][a-z.]{0,40}$/, name), text })),
    { name: 'requests', text: text(extras.requests.map(renderRequest)) },
  ]
  return { fixed, files, fingerprint: sha256hex(fingerprintText(fixed, files)) }
}

/** `firewall.nft` is always the version that holds; what is on trial lies beside it, and no boot loads it. */
function policyFiles(view: NodeView, { confirmed, trial }: PolicyExtras): BundleFile[] {
  const state = [`confirmed ${count(confirmed)}`]
  if (trial === null) return [{ name: 'policy/state', text: text(state) }]
  state.push(`trial ${must(ID, trial.id)} ${count(trial.number)} ${count(trial.seconds)}`)
  return [
    { name: 'policy/state', text: text(state) },
    { name: 'policy/trial.nft', text: firewall(view, trial.access ?? '') },
  ]
}

function firewall({ base, forwards, pods, tunnels, paths, routes }: NodeView, access: string): string {
  must(INTERFACE, base)
  if (pods === null) return renderFirewall(base, forwards, access)
  const devices =
    access === '' ? [] : tunnels.flatMap((tunnel) => tunnel.devices.flatMap(({ allowedIps }) => allowedIps))
  const company = paths && { own: routes, others: paths.routes, talk: paths.talk }
  return renderClusterFirewall(base, forwards, pods, { access, devices }, company)
}

const versioned = ({ version, sha256 }: { version: string; sha256: string }): string =>
  `${must(/^[0-9A-Za-z.+-]{1,40}$/, version)} ${must(HASH_PATTERN, sha256)}`

function peers(tunnel: Tunnel): string {
  const rendered = renderSetconf([...tunnel.peers, ...tunnel.devices, ...tunnel.seen])
  invariant(rendered.ok, rendered.ok ? '' : `keys and places are unique in a network: ${rendered.error.message}`)
  return rendered.value
}

const URL_PATTERN = /^https?:\/\/[A-Za-z0-9.:[\]-]+(\/[A-Za-z0-9._/-]*)?$/
const PIN = /^sha256\/\/[A-Za-z0-9+/]{43}=$/

const iface = (tunnel: Tunnel): string => must(INTERFACE, tunnel.name)
