import type { World } from '@spanwire/mesh/policy/world'

const NODES = 1000
const RULES = 500
const TAGS = 100
const SITES = 20
const PEOPLE = 50

/**
 * 1,000 nodes with two tags each, 100 devices of 50 people, 500 rules as networks have them: most let one kind of machine speak with another
 * on a port or two, some let people in, a few concern everybody.
 */
export const accessWorld: World = {
  cidr4: '10.64.0.0/12',
  cidr6: 'fd12:3456:789a::/48',
  nodes: Array.from({ length: NODES }, (_, i) => accessNode(i + 1)),
  devices: Array.from({ length: 2 * PEOPLE }, (_, i) => ({
    id: `device-${i}`,
    name: `laptop-${i}`,
    owner: person(i),
    address4: `10.64.${8 + Math.floor(i / 250)}.${(i % 250) + 1}`,
    address6: `fd12:3456:789a::${(2048 + i).toString(16)}`,
  })),
  members: Array.from({ length: PEOPLE }, (_, i) => ({ email: person(i), role: 'operator' as const })),
  sites: Array.from({ length: SITES }, (_, i) => `site-${i}`),
  clusters: [],
  carrier: 'node-1',
}

export function accessNode(number: number): World['nodes'][number] {
  return {
    id: `node-${number}`,
    name: `node-${number}`,
    address4: `10.64.${Math.floor(number / 250)}.${(number % 250) + 1}`,
    address6: `fd12:3456:789a::${number.toString(16)}`,
    site: `site-${number % SITES}`,
    tags: [tag(number * 7), tag(number * 13 + 5)],
    owner: null,
    podRanges: [],
  }
}

export const accessPolicy = JSON.stringify({
  groups: Object.fromEntries(
    Array.from({ length: 5 }, (_, g) => [`group:team-${g}`, Array.from({ length: 10 }, (_, i) => person(g * 10 + i))]),
  ),
  tagOwners: Object.fromEntries(Array.from({ length: TAGS }, (_, i) => [`tag:${tag(i)}`, ['group:team-0']])),
  acls: Array.from({ length: RULES }, (_, i) => accessRule(i)),
})

function accessRule(number: number) {
  const accept = (src: string[], dst: string[]) => ({ action: 'accept', src, dst })
  if (number % 100 === 0) return accept(['group:team-0'], ['*:22'])
  if (number % 100 === 50) return accept([`tag:${tag(number)}`], ['*:9100'])
  if (number % 10 === 5)
    return accept([`group:team-${number % 5}`], [`site:site-${number % SITES}:22,443`, `tag:${tag(number)}:8000-8100`])
  return accept([`tag:${tag(number * 3)}`], [`tag:${tag(number * 11 + 1)}:${1024 + number},443`])
}

function tag(number: number): string {
  return `app-${number % TAGS}`
}

function person(number: number): string {
  return `person-${number % PEOPLE}@example.com`
}
