/**
 * What the part of the script for paths reads (`paths/*` of a bundle, docs/paths.md), each line in a strict grammar. The core of the
 * script passes these files by.
 */

import { invariant } from '../invariant.ts'
import { formatAddress } from '../ip/address.ts'
import { formatEndpoint } from '../ip/endpoint.ts'
import { formatPrefix, type Prefix } from '../ip/prefix.ts'
import type { Way } from '../paths/destinations.ts'
import type { PathsView, PathTunnel } from '../paths/paths-view.ts'
import { KEY_PATTERN } from '../wireguard/key.ts'
import { renderSetconf } from '../wireguard/render-setconf.ts'
import { count, INTERFACE, must, NAME, text } from './bundle-grammar.ts'
import type { BundleFile } from './render-bundle.ts'

/** WireGuard's own packets, so that a rule before ours leads them to the main table. Off Kubernetes' and Tailscale's bits. */
export const MARK = 0x3700

export function renderPaths(view: PathsView): BundleFile[] {
  const each = (lines: (tunnel: PathTunnel) => readonly string[]) => text(view.tunnels.flatMap(lines))
  return [
    { name: 'paths/settings', text: text(settings(view)) },
    {
      name: 'paths/interfaces',
      text: each((tunnel) => [`${iface(tunnel)} ${count(tunnel.listenPort)} ${count(tunnel.mtu)} ${tunnel.key}`]),
    },
    {
      name: 'paths/addresses',
      text: each((tunnel) =>
        tunnel.addresses.map(({ address, length }) => `${iface(tunnel)} ${formatAddress(address)}/${count(length)}`),
      ),
    },
    {
      name: 'paths/routes',
      text: each((tunnel) => tunnel.routes.map((route) => `${iface(tunnel)} ${formatPrefix(route)}`)),
    },
    ...view.tunnels.map((tunnel) => ({ name: `paths/peers.${iface(tunnel)}`, text: peers(tunnel) })),
    {
      name: 'paths/probes',
      text: each((tunnel) =>
        tunnel.peers.map(
          ({ publicKey, probe6, probe4 }) =>
            `${iface(tunnel)} ${key(publicKey)} ${formatAddress(probe6)} ${formatAddress(probe4)}`,
        ),
      ),
    },
    { name: 'paths/names', text: text(names(view)) },
    {
      name: 'paths/endpoints',
      text: text(
        view.endpoints.map(({ publicKey, kind, endpoint }) => `${key(publicKey)} ${kind} ${formatEndpoint(endpoint)}`),
      ),
    },
    {
      name: 'paths/destinations',
      text: text(
        view.destinations.map(
          ({ name, prefixes, ways }) => `${must(NAME, name)} ${listOf(prefixes)} ${waysText(ways)}`,
        ),
      ),
    },
  ]
}

function settings(view: PathsView): string[] {
  const ranges = (word: string, prefixes: readonly Prefix[]) =>
    prefixes.length === 0 ? [] : [`${word} ${prefixes.map(formatPrefix).join(' ')}`]
  return [
    `role ${view.role}`,
    ...(view.number === null ? [] : [`number ${count(view.number)}`]),
    `base ${must(INTERFACE, view.base)}`,
    `mark ${MARK}`,
    `keepalive ${count(view.keepaliveSeconds)}`,
    `source ${formatAddress(view.source4)} ${formatAddress(view.source6)}`,
    ...ranges('overlay', view.overlay),
    ...ranges('own', view.own),
    ...ranges('pods', view.pods),
    ...ranges('routes', view.routes),
  ]
}

/** A gateway may be a peer of several interfaces. */
function names({ tunnels }: PathsView): string[] {
  const peers = tunnels.flatMap((tunnel) => [...tunnel.peers, ...tunnel.seen])
  return [...new Set(peers.map(({ publicKey, name }) => `${key(publicKey)} ${must(NAME, name)}`))].sort()
}

function peers(tunnel: PathTunnel): string {
  const rendered = renderSetconf([...tunnel.peers, ...tunnel.seen])
  invariant(rendered.ok, rendered.ok ? '' : `keys and places are unique in a network: ${rendered.error.message}`)
  return rendered.value
}

function way(each: Way): string {
  if (each.kind === 'default') return 'default'
  const name = must(INTERFACE, each.name)
  return each.kind === 'peer' ? `${name}:${key(each.publicKey)}` : name
}

/** Most lines of a gateway have the list of another one. */
function waysText(ways: readonly Way[]): string {
  let list = wayLists.get(ways)
  if (list === undefined) {
    list = ways.map(way).join(' ')
    wayLists.set(ways, list)
  }
  return list
}

const wayLists = new WeakMap<readonly Way[], string>()

const key = (publicKey: string): string => must(KEY_PATTERN, publicKey)
const iface = ({ name }: PathTunnel): string => must(INTERFACE, name)

/** A node's own ranges are one list for all who reach it, and stand in a line at every gateway. */
function listOf(prefixes: readonly Prefix[]): string {
  const known = lists.get(prefixes)
  if (known !== undefined) return known
  const list = prefixes.map(formatPrefix).join(',')
  lists.set(prefixes, list)
  return list
}

const lists = new WeakMap<readonly Prefix[], string>()
