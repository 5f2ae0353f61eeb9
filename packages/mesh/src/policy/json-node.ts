import type { Place } from './finding.ts'

/** A value of a HuJSON text, with its place. */
export type JsonNode =
  | { readonly kind: 'object'; readonly members: readonly JsonMember[]; readonly at: Place }
  | { readonly kind: 'array'; readonly items: readonly JsonNode[]; readonly at: Place }
  | { readonly kind: 'string'; readonly value: string; readonly at: Place }
  | { readonly kind: 'number'; readonly value: number; readonly at: Place }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly at: Place }
  | { readonly kind: 'null'; readonly at: Place }

export type JsonMember = { readonly key: string; readonly keyAt: Place; readonly value: JsonNode }

/** What JSON.parse would make of it. */
export function plainValue(node: JsonNode): unknown {
  switch (node.kind) {
    case 'object':
      return Object.fromEntries(node.members.map(({ key, value }) => [key, plainValue(value)]))
    case 'array':
      return node.items.map(plainValue)
    case 'null':
      return null
    default:
      return node.value
  }
}

/** As a person would say it. */
export const kindInWords = ({ kind }: JsonNode): string =>
  ({
    object: 'an object',
    array: 'a list',
    string: 'a text',
    number: 'a number',
    boolean: 'true or false',
    null: 'null',
  })[kind]
