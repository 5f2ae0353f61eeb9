/** Whom a text names: `*`, an e-mail address, `group:eng`, `tag:db`, `node:home-1`, an address, a range, or an alias of `hosts`. */
import { type Address, parseAddress } from '../ip/address.ts'
import { lastOf, parsePrefix } from '../ip/prefix.ts'
import { parseSiteName } from '../names/parse-site-name.ts'
import { err, ok, type Result } from '../result.ts'
import type { Place } from './finding.ts'
import { didYouMean } from './nearest.ts'
import type { Refused } from './read-protocol.ts'
import { AUTOGROUPS, NAMED_KINDS, type Selector } from './selector.ts'

export type ReadSelector = { readonly selector: Selector; readonly note: Refused | null }

export function readSelector(text: string, at: Place): Result<ReadSelector, Refused> {
  const fine = (selector: Selector): Result<ReadSelector, Refused> => ok({ selector, note: null })
  if (text === '*') return fine({ kind: 'any', text, at })
  if (text === '') return err({ message: 'An empty text names nobody.', fix: 'Remove it, or write * for everybody' })
  if (/^\[.*\]$/.test(text)) return readSelector(text.slice(1, -1), at)
  if (text.startsWith('site:')) return readSite(text, at)
  const [, word, name] = /^([a-z-]+):([^:]*)$/.exec(text) ?? []
  if (word === 'autogroup') return readAutogroup(text, name ?? '', at)
  if (word && isNamedKind(word)) {
    if (!NAME.test(name ?? ''))
      return err({
        message: `"${shown(text)}" has no proper name after the colon.`,
        fix: 'Names have letters, digits, - _ . and begin with a letter or digit',
      })
    if (word === 'tag' && !/^[a-zA-Z]/.test(name ?? ''))
      return err({
        message: `"${shown(text)}": the name of a tag begins with a letter.`,
        fix: 'Call the tag otherwise',
      })
    return fine({ kind: word, name: name ?? '', text, at })
  }
  if (word === 'ipset' || word === 'svc')
    return err({
      message: `"${shown(text)}" does not apply here: Spanwire has no ${word === 'ipset' ? 'IP sets' : 'services'}.`,
      fix: 'Name addresses, or give them an alias in hosts',
    })
  if (text.includes('@')) return readUser(text, at)
  if (/[/:]/.test(text) || /^[0-9.]+(-[0-9.]+)?$/.test(text)) {
    const range = readRange(text)
    if (range.ok) return fine({ kind: 'addresses', ...range.value, text, at })
    if (word === undefined) return err(range.error)
    return err({
      message: `"${shown(word)}:" is not known.`,
      fix: didYouMean(
        `${word}:`,
        [...NAMED_KINDS, 'autogroup'].map((kind) => `${kind}:`),
        `Write ${NAMED_KINDS.join(':, ')}: or an address`,
      ),
    })
  }
  if (!NAME.test(text))
    return err({
      message: `"${shown(text)}" names nobody.`,
      fix: 'Write *, an e-mail address, group:, tag:, node:, an address or an alias of hosts',
    })
  return fine({ kind: 'host', name: text, text, at })
}

/** Sites are called as people there call them, "Køge, rack 2" among others: the whole of the text is the name. */
function readSite(text: string, at: Place): Result<ReadSelector, Refused> {
  const name = parseSiteName(text.slice('site:'.length))
  if (name.ok) return ok({ selector: { kind: 'site', name: name.value, text, at }, note: null })
  return err({
    message: `"${shown(text)}" has no proper name after the colon: ${name.error.message}.`,
    fix: 'Write the site as it is called on the page of the network',
  })
}

function readAutogroup(text: string, name: string, at: Place): Result<ReadSelector, Refused> {
  // Tailscale's older files have it in the plural.
  const known = AUTOGROUPS.find((autogroup) => autogroup === (name === 'members' ? 'member' : name))
  if (known) return ok({ selector: { kind: 'autogroup', name: known, text, at }, note: null })
  const reason = ELSEWHERE[name]
  if (reason !== undefined)
    return ok({
      selector: { kind: 'nobody', text, at },
      note: { message: `"${text}" does not apply here: ${reason}. It stands for nobody.`, fix: 'It can be removed' },
    })
  return err({
    message: `There is no autogroup "${shown(name)}".`,
    fix: didYouMean(name, AUTOGROUPS, `Write one of ${AUTOGROUPS.map((known) => `autogroup:${known}`).join(', ')}`),
  })
}

/** Tailscale's autogroups (tailscale.com/kb/1396/targets) that have nothing here to stand for. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  internet: 'Spanwire has no exit nodes, each machine goes to the Internet by itself',
  shared: 'networks are not shared with others',
  nonroot: 'it belongs to Tailscale SSH',
  'network-admin': 'the roles are owner, admin, operator and viewer',
  'it-admin': 'the roles are owner, admin, operator and viewer',
  'billing-admin': 'the roles are owner, admin, operator and viewer',
  auditor: 'the roles are owner, admin, operator and viewer',
}

function readUser(text: string, at: Place): Result<ReadSelector, Refused> {
  const lower = text.toLowerCase()
  const [, domain] = /^(?:user:)?\*@([a-z0-9.-]+)$/.exec(lower) ?? []
  if (domain) return ok({ selector: { kind: 'domain', name: domain, text, at }, note: null })
  if (!/^[^\s@:,*"]+@[^\s@:,*"]*$/.test(lower))
    return err({ message: `"${shown(text)}" is no e-mail address.`, fix: 'Write it like alice@example.com' })
  return ok({ selector: { kind: 'user', name: lower, text, at }, note: null })
}

/** An address, `10.77.0.0/16`, or `10.77.0.5-10.77.0.9`. */
export function readRange(text: string): Result<{ family: 4 | 6; first: bigint; last: bigint }, Refused> {
  if (text.includes('/')) {
    const prefix = parsePrefix(text)
    if (!prefix.ok) {
      const { suggestion, message } = prefix.error
      return err({
        message: `${message}.`,
        fix: suggestion ? `Write ${suggestion}` : 'Write the range like 10.77.0.0/16',
      })
    }
    return ok({ family: prefix.value.family, first: prefix.value.base, last: lastOf(prefix.value) })
  }
  const ends = text.split('-')
  const [first, last] = [parseAddress(ends[0] ?? ''), parseAddress(ends.at(-1) ?? '')]
  if (ends.length > 2 || !first.ok || !last.ok)
    return err({
      message: `"${shown(text)}" is no address and no range.`,
      fix: 'Write it like 10.77.0.1, 10.77.0.0/16, 10.77.0.5-10.77.0.9 or fd00::1',
    })
  return orderedRange(first.value, last.value)
}

function orderedRange(first: Address, last: Address): Result<{ family: 4 | 6; first: bigint; last: bigint }, Refused> {
  if (first.family !== last.family)
    return err({
      message: 'The range begins in one family and ends in the other.',
      fix: 'Write two IPv4 or two IPv6 addresses',
    })
  if (first.value > last.value) return err({ message: 'The range runs backwards.', fix: 'Put the lower address first' })
  return ok({ family: first.family, first: first.value, last: last.value })
}

const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}$/
const isNamedKind = (word: string): word is (typeof NAMED_KINDS)[number] => NAMED_KINDS.some((kind) => kind === word)
const shown = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text)
