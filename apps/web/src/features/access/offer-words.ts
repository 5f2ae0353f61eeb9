/** What an editor offers where the caret stands: sections, fields, and the names that mean somebody in this network. */
import type { Policy } from '@spanwire/mesh/policy/policy'
import { PROTOCOLS } from '@spanwire/mesh/policy/protocol-names'
import { wordsOf } from '@spanwire/mesh/policy/words-of'
import { whereInText } from './where-in-text.ts'
import { type Names, worldOfNames } from './world-of-names.ts'

/** `goesOn`: the list is shown again behind it (ports after a name). */
export type Word = { readonly word: string; readonly about?: string; readonly goesOn?: boolean }
/** `isEager`: offered before a letter is typed. */
export type Offer = {
  readonly from: number
  readonly to: number
  readonly words: readonly Word[]
  readonly isEager: boolean
}

type Known = Pick<Policy, 'groups' | 'tagOwners' | 'hosts'>

/** `known`: the policy as it could last be read. */
export function offerWords(text: string, at: number, known: Known, names: Names): Offer | null {
  const where = whereInText(text, at)
  if (!where) return null
  if (!where.quoted) return where.isKey ? bareKeys(text, at, where.path) : null
  const { from, before } = where.quoted
  const to = endOfWord(text, at)
  const offer = (words: readonly Word[], begin = from): Offer => ({ from: begin, to, words, isEager: true })
  if (where.isKey) return offer(keysAt(where.path).map((word) => ({ word })))
  const [section, list, field] = where.path
  const isRule = (section === 'acls' || section === 'grants') && list === '[]'
  if (isRule && field === 'action') return offer([{ word: 'accept' }])
  if ((isRule || section === 'tests') && field === 'proto')
    return offer(Object.keys(PROTOCOLS).map((word) => ({ word, about: PROTOCOL_WORDS[word] })))
  const world = worldOfNames(names)
  const words = (role: 'src' | 'dst') => wordsOf(known, world, role)
  if ((isRule || section === 'tests') && field === 'src') return offer(words('src').map((word) => ({ word })))
  const isTarget = section === 'tests' && (field === 'accept' || field === 'deny')
  if ((isRule && field === 'dst') || isTarget) {
    if (section === 'grants') return offer(words('dst').map((word) => ({ word })))
    const whom = words('dst').find((word) => before.startsWith(`${word}:`))
    if (whom !== undefined) return offer(isTarget ? PORTS.slice(1) : PORTS, from + whom.length + 1)
    return offer(words('dst').map((word) => ({ word: `${word}:`, goesOn: true })))
  }
  if (section === 'groups') return offer(names.users.map((word) => ({ word })))
  if (section === 'tagOwners')
    return offer(words('src').flatMap((word) => (/^(group:|autogroup:)|@/.test(word) ? [{ word }] : [])))
  return null
}

const SECTIONS = ['groups', 'tagOwners', 'hosts', 'acls', 'tests'] as const
const RULE = ['action', 'proto', 'src', 'dst'] as const
const TEST = ['src', 'proto', 'accept', 'deny'] as const

function keysAt(path: readonly string[]): readonly string[] {
  if (path.length === 0) return SECTIONS
  if (path.length === 2 && path[0] === 'acls') return RULE
  return path.length === 2 && path[0] === 'tests' ? TEST : []
}

/** Without a quote yet: with the quotes. */
function bareKeys(text: string, at: number, path: readonly string[]): Offer | null {
  const keys = keysAt(path)
  const typed = /[A-Za-z]*$/.exec(text.slice(0, at))?.[0] ?? ''
  if (keys.length === 0) return null
  return { from: at - typed.length, to: at, words: keys.map((key) => ({ word: `"${key}": ` })), isEager: false }
}

const endOfWord = (text: string, at: number): number => at + (/^[^"\n,]*(?=")/.exec(text.slice(at))?.[0].length ?? 0)

const PORTS: readonly Word[] = [
  { word: '*', about: 'all ports' },
  { word: '22', about: 'SSH' },
  { word: '53', about: 'DNS' },
  { word: '80,443', about: 'the web' },
  { word: '5432', about: 'PostgreSQL' },
  { word: '6443', about: 'the Kubernetes API' },
]

const PROTOCOL_WORDS: Readonly<Record<string, string>> = { icmp: 'ping', tcp: 'with ports', udp: 'with ports' }
