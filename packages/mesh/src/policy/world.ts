/** What a policy speaks of, as it is at one moment: rows of a network, addresses as canonical text. The order does not matter. */
export type WorldNode = {
  readonly id: string
  readonly name: string
  readonly address4: string | null
  readonly address6: string | null
  readonly site: string | null
  /** Without the `tag:` in front. */
  readonly tags: readonly string[]
  /** E-mail address of whose machine it is; a tagged machine is nobody's. */
  readonly owner: string | null
  /** Of the pods on it, as planned (paths/plan.ts); empty with VXLAN, which wraps them. */
  readonly podRanges: readonly string[]
}

/** A laptop or phone: it has no firewall of ours, so the gateway that carries it judges what goes to it. */
export type WorldDevice = {
  readonly id: string
  readonly name: string
  readonly owner: string
  readonly address4: string | null
  readonly address6: string | null
}

export type WorldMember = { readonly email: string; readonly role: 'owner' | 'admin' | 'operator' | 'viewer' }

export type WorldCluster = {
  readonly name: string
  readonly nodes: readonly { readonly id: string; readonly role: 'server' | 'agent' }[]
  readonly podRanges: readonly string[]
  readonly serviceRanges: readonly string[]
  readonly backend: 'host-gw' | 'vxlan' | 'none'
  readonly datastore: 'sqlite' | 'etcd' | 'external'
}

export type World = {
  readonly cidr4: string
  readonly cidr6: string
  readonly nodes: readonly WorldNode[]
  readonly devices: readonly WorldDevice[]
  readonly members: readonly WorldMember[]
  readonly sites: readonly string[]
  readonly clusters: readonly WorldCluster[]
  /** The gateway that carries: it is pinged by all, and judges for devices. Null when there is none. */
  readonly carrier: string | null
  /** Further gateways, which carry too: they ping those whom they carry, and each other. */
  readonly gateways?: readonly string[]
}
