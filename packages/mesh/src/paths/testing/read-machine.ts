/** A machine that has applied its bundle: read from the text of the files, as the script does, and from nothing else. */
import type { BundleFile } from '../../protocol/render-bundle.ts'

export type TestPeer = {
  readonly publicKey: string
  readonly allowedIps: readonly string[]
  /** Of its endpoint; null when it has none. */
  readonly port: number | null
}

export type TestInterface = {
  readonly name: string
  readonly listenPort: number
  readonly key: 'main' | 'direct'
  readonly peers: ReadonlyMap<string, TestPeer>
}

export type TestMachine = {
  readonly name: string
  readonly interfaces: ReadonlyMap<string, TestInterface>
  readonly addresses: readonly { readonly name: string; readonly cidr: string }[]
  readonly routes: readonly { readonly name: string; readonly cidr: string }[]
  readonly probes: readonly { readonly name: string; readonly publicKey: string; readonly probe6: string }[]
  readonly settings: ReadonlyMap<string, readonly string[]>
  readonly endpoints: readonly { readonly publicKey: string; readonly endpoint: string }[]
  readonly destinations: readonly {
    readonly name: string
    readonly cidrs: readonly string[]
    readonly ways: readonly string[]
  }[]
}

export function readMachine(files: readonly BundleFile[]): TestMachine {
  const linesOf = (name: string) => {
    const text = files.find((file) => file.name === name)?.text ?? ''
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split(' '))
  }
  const pairs = (file: string) => linesOf(file).map(([name = '', cidr = '']) => ({ name, cidr }))
  const interfaces = [
    ...linesOf('interfaces').map((words) => ({ words, prefix: 'peers/' })),
    ...linesOf('paths/interfaces').map((words) => ({ words, prefix: 'paths/peers.' })),
  ].map(({ words: [name = '', port = '', , key = 'main'], prefix }): TestInterface => {
    const text = files.find((file) => file.name === prefix + name)?.text ?? ''
    return { name, listenPort: Number(port), key: key === 'direct' ? 'direct' : 'main', peers: peersOf(text) }
  })
  const probes = [...linesOf('probes'), ...linesOf('paths/probes')]
  return {
    name: linesOf('meta').find(([key]) => key === 'name')?.[1] ?? '',
    interfaces: new Map(interfaces.map((each) => [each.name, each])),
    addresses: [...pairs('addresses'), ...pairs('paths/addresses')],
    routes: [...pairs('routes'), ...pairs('paths/routes')],
    probes: probes.map(([name = '', publicKey = '', probe6 = '']) => ({ name, publicKey, probe6 })),
    settings: new Map(linesOf('paths/settings').map(([key = '', ...values]) => [key, values])),
    endpoints: linesOf('paths/endpoints').map(([publicKey = '', , endpoint = '']) => ({ publicKey, endpoint })),
    destinations: linesOf('paths/destinations').map(([name = '', cidrs = '', ...ways]) => ({
      name,
      cidrs: cidrs.split(','),
      ways,
    })),
  }
}

function peersOf(text: string): Map<string, TestPeer> {
  const peers = text.split('[Peer]\n').slice(1)
  return new Map(
    peers.map((block) => {
      const value = (key: string) => new RegExp(`^${key} = (.*)$`, 'm').exec(block)?.[1] ?? ''
      const port = /:(\d+)$/.exec(value('Endpoint'))?.[1]
      const publicKey = value('PublicKey')
      const allowedIps = value('AllowedIPs')
        .split(', ')
        .filter((range) => range !== '')
      return [publicKey, { publicKey, allowedIps, port: port === undefined ? null : Number(port) }]
    }),
  )
}
