/** What stops passing a port of a switch, in both directions. Without `peer` it is whoever is at the other end. */
export type Cut =
  | { kind: 'udp'; port?: number; peer?: string }
  | { kind: 'everything'; peer?: string }
  | { kind: 'internet'; lan: string }

/** The whole table for all cuts of one switch; it replaces the one before in one transaction. */
export function renderCuts(cuts: ReadonlyMap<string, readonly Cut[]>): string {
  const lines = [...cuts].flatMap(([port, list]) => list.map((cut) => ({ port, cut })))
  const from = lines.flatMap(({ port, cut }) => matches(cut, 'daddr').map((m) => `iifname "${port}" ${m} counter drop`))
  const to = lines.flatMap(({ port, cut }) => matches(cut, 'saddr').map((m) => `oifname "${port}" ${m} counter drop`))
  return `table bridge cuts
delete table bridge cuts
table bridge cuts {
  chain from_machine {
    type filter hook prerouting priority 0; policy accept;
    ${from.join('\n    ')}
  }
  chain to_machine {
    type filter hook postrouting priority 0; policy accept;
    ${to.join('\n    ')}
  }
}
`
}

/** `far` says which address of the packet is the other end's. */
function matches(cut: Cut, far: 'saddr' | 'daddr'): string[] {
  switch (cut.kind) {
    case 'udp': {
      const peer = cut.peer === undefined ? '' : `ip ${far} ${cut.peer} `
      if (cut.port === undefined) return [`${peer}meta l4proto udp`]
      return [`${peer}udp sport ${cut.port}`, `${peer}udp dport ${cut.port}`]
    }
    case 'everything':
      return [cut.peer === undefined ? '' : `ip ${far} ${cut.peer}`]
    case 'internet':
      // Broadcast and ARP stay: the machine still sees its LAN.
      return [`ip ${far} != { ${cut.lan}, 224.0.0.0/3 }`]
  }
}
