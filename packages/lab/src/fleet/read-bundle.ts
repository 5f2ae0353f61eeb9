/** A bundle as the script reads it: a tar whose checksums fit, of the files that the protocol names. */
import { createHash } from 'node:crypto'
import { extract } from 'tar-stream'
import type { Request } from './k3s.ts'
import type { Applied } from './render-message.ts'

export type BundlePeer = {
  readonly publicKey: string
  readonly endpoint: string | null
  readonly allowedIps: readonly string[]
}

export type Bundle = Applied & {
  readonly nodeId: string
  readonly name: string
  readonly state: string
  readonly tombstone: string | null
  /** version and hash of the newest script */
  readonly script: string
  readonly servers: readonly { readonly url: string; readonly pin: string | null }[]
  /** The first interface; null when there is none. */
  readonly tunnel: {
    readonly name: string
    readonly port: number
    readonly addresses: readonly string[]
    readonly peers: readonly BundlePeer[]
  } | null
  /** It has a part in the cluster: files of it, or not yet. */
  readonly isInCluster: boolean
  /** The files `k3s/*`. */
  readonly k3s: ReadonlyMap<string, string>
  /** The rules that hold. */
  readonly firewall: string
  /** The files `policy/*`. */
  readonly policy: ReadonlyMap<string, string>
  /** The files `paths/*`. */
  readonly paths: ReadonlyMap<string, string>
  /** What it is asked to do once. */
  readonly requests: readonly Request[]
  readonly bytes: number
}

export async function readBundle(tar: Uint8Array): Promise<Bundle> {
  const files = await untar(tar)
  check(files)
  const lines = (name: string) =>
    (files.get(name) ?? '')
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split(' '))
  const meta = (key: string) =>
    lines('meta')
      .find(([name]) => name === key)
      ?.slice(1) ?? []
  const [name, port] = lines('interfaces')[0] ?? []
  return {
    epoch: Number(meta('epoch')[0]),
    revision: Number(meta('revision')[0]),
    view: meta('view')[0] ?? '-',
    nodeId: meta('node')[0] ?? '',
    name: meta('name')[0] ?? '',
    state: meta('state')[0] ?? '',
    tombstone: meta('tombstone')[0] ?? null,
    script: meta('script').join(' '),
    servers: lines('meta')
      .filter(([key]) => key === 'server')
      .map(([, url = '', pin = '-']) => ({ url, pin: pin === '-' ? null : pin })),
    tunnel:
      name === undefined
        ? null
        : {
            name,
            port: Number(port),
            addresses: lines('addresses').map((words) => words.join(' ')),
            peers: readPeers(files.get(`peers/${name}`) ?? ''),
          },
    isInCluster: lines('meta').some(([key, part]) => key === 'part' && part === 'k3s'),
    k3s: new Map([...files].filter(([file]) => file.startsWith('k3s/'))),
    firewall: files.get('firewall.nft') ?? '',
    policy: new Map([...files].filter(([file]) => file.startsWith('policy/'))),
    paths: new Map([...files].filter(([file]) => file.startsWith('paths/'))),
    requests: lines('requests').map(([id = '', kind = '', , ...args]) => ({ id, kind, args })),
    bytes: tar.byteLength,
  }
}

async function untar(tar: Uint8Array): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  const entries = extract()
  entries.end(tar)
  for await (const entry of entries) {
    if (entry.header.type !== 'file') throw new Error(`the bundle holds a ${entry.header.type}, ${entry.header.name}`)
    const chunks: Uint8Array[] = []
    for await (const chunk of entry) chunks.push(chunk as Uint8Array)
    files.set(entry.header.name, Buffer.concat(chunks).toString())
  }
  return files
}

function check(files: ReadonlyMap<string, string>): void {
  const names = [...files.keys()]
  if (names[0] !== 'meta' || names.at(-1) !== 'SHA256SUMS')
    throw new Error('the bundle does not begin with meta and end with SHA256SUMS')
  const sums = new Map(
    (files.get('SHA256SUMS') ?? '')
      .split('\n')
      .filter(Boolean)
      .map((line) => [line.slice(66), line.slice(0, 64)] as const),
  )
  if (sums.size !== files.size - 1) throw new Error('the bundle does not hold what SHA256SUMS lists')
  for (const [name, sum] of sums) {
    const text = files.get(name)
    if (text === undefined || createHash('sha256').update(text).digest('hex') !== sum)
      throw new Error(`the checksum of ${name} does not match`)
  }
}

export function readPeers(text: string): BundlePeer[] {
  return text
    .split('[Peer]\n')
    .slice(1)
    .map((section) => {
      const value = (key: string) => new RegExp(`^${key} = (.*)$`, 'm').exec(section)?.[1]
      return {
        publicKey: value('PublicKey') ?? '',
        endpoint: value('Endpoint') ?? null,
        allowedIps: value('AllowedIPs')?.split(', ') ?? [],
      }
    })
}
