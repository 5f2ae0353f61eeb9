import { address } from './interpret-table.ts'
import type { Packet } from './oracle.ts'

/** The verdict of the chain `judge` on the first packet of a flow, read from the text that nft would load: its rules and sets, nothing else. */
export function interpretNft(text: string, packet: Packet): boolean {
  const sets = new Map<string, string[]>()
  for (const [, name, elements] of text.matchAll(/ {2}set (\w+) \{\n[^}]*?elements = \{ ([^}]*) \}/g))
    sets.set(name ?? '', (elements ?? '').split(', '))
  const judge = /chain judge \{\n([\s\S]*?)\n {2}\}/.exec(text)?.[1] ?? ''
  const word = packet.from.includes(':') ? 'ip6' : 'ip'
  return judge.split('\n').some((rule) => {
    const [, family, from, port, to] =
      / (ip6?) saddr @(\w+) ip6? daddr \. meta l4proto( \. th dport)? @(\w+) counter name \w+ accept/.exec(rule) ?? []
    if (family !== undefined)
      return (
        family === word &&
        holds(sets.get(from ?? ''), [packet.from]) &&
        holds(sets.get(to ?? ''), [packet.to, packet.protocol, ...(port ? [packet.port ?? -1] : [])])
      )
    const [, echo, sources, targets] =
      / (ip6?) saddr \{ ([^}]*) \} ip6? daddr \{ ([^}]*) \} icmp\w* type echo-request accept/.exec(rule) ?? []
    if (echo !== word || packet.protocol !== (word === 'ip' ? 1 : 58)) return false
    return holds(sources?.split(', '), [packet.from]) && holds(targets?.split(', '), [packet.to])
  })
}

/** The verdict of the chain `judge_answer` on an answer to that packet: with source and destination, and the ports, the other way round. */
export function interpretAnswer(text: string, packet: Packet): boolean {
  const judge = /chain judge_answer \{\n([\s\S]*?)\n {2}\}/.exec(text)?.[1] ?? ''
  const turned = judge
    .replaceAll(/\b(saddr|daddr|sport|dport)\b/g, (word) => `${word.startsWith('s') ? 'd' : 's'}${word.slice(1)}`)
    .replaceAll('echo-reply', 'echo-request')
    .replaceAll(/(@\w+) accept$/gm, '$1 counter name any accept')
  return interpretNft(text.replace(/chain judge \{\n[\s\S]*?\n {2}\}/, `chain judge {\n${turned}\n  }`), packet)
}

const holds = (elements: readonly string[] | undefined, key: readonly (string | number)[]): boolean =>
  elements?.some((element) => element.split(' . ').every((field, i) => within(field, key[i] as string | number))) ??
  false

function within(field: string, value: string | number): boolean {
  if (typeof value === 'number') {
    const [first, last] = field.split('-').map(Number) as [number, number | undefined]
    return first <= value && value <= (last ?? first)
  }
  if (value.includes(':') !== field.includes(':')) return false
  const [base, length] = field.split('/') as [string, string | undefined]
  if (length !== undefined) {
    const shift = BigInt((value.includes(':') ? 128 : 32) - Number(length))
    return address(base).value >> shift === address(value).value >> shift
  }
  const [first, last] = field.split('-') as [string, string | undefined]
  return address(first).value <= address(value).value && address(value).value <= address(last ?? first).value
}
