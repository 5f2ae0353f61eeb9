import { run, tried } from '../run.ts'

export type Chains = Record<string, string[]>

/** Fills chains of one's own as one transaction, leaving all others alone, as kube-proxy and flannel do. */
export function loadChains(table: string, chains: Chains): void {
  const names = Object.keys(chains).map((name) => `:${name} - [0:0]`)
  const rules = Object.entries(chains).flatMap(([name, list]) => list.map((rule) => `-A ${name} ${rule}`))
  run('iptables-restore', ['--noflush', '--wait', '5'], `*${table}\n${[...names, ...rules].join('\n')}\nCOMMIT\n`)
}

/** `iptables -C || -I 1` (or -A): nothing when the rule is there, wherever. */
export function ensureRule(table: string, chain: string, rule: string[], where: 'first' | 'last'): void {
  if (tried('iptables', ['-w', '5', '-t', table, '-C', chain, ...rule])) return
  run('iptables', ['-w', '5', '-t', table, where === 'first' ? '-I' : '-A', chain, ...rule])
}

export function removeChain(table: string, chain: string): void {
  tried('iptables', ['-w', '5', '-t', table, '-F', chain])
  tried('iptables', ['-w', '5', '-t', table, '-X', chain])
}
