/** Reads fields of the expected kind out of a HuJSON tree, and keeps a finding for everything that is otherwise. */
import { error, type Finding, type FindingCode, type Place, warning } from './finding.ts'
import { type JsonMember, type JsonNode, kindInWords } from './json-node.ts'
import { didYouMean } from './nearest.ts'

export class NodeReader {
  readonly findings: Finding[] = []

  refuse(at: Place, code: FindingCode, { message, fix }: { message: string; fix: string }): void {
    this.findings.push(error(at, code, message, fix))
  }

  note(at: Place, code: FindingCode, { message, fix }: { message: string; fix: string }): void {
    this.findings.push(warning(at, code, message, fix))
  }

  /**
   * The members of an object by their known names. Tailscale reads names without regard to case, so old files say `ACLs` and `Users`.
   * What is not known is handed to `other`, which says whether it has dealt with it.
   */
  fields<Name extends string>(
    node: JsonNode,
    what: string,
    known: readonly Name[],
    other: (member: JsonMember) => boolean = () => false,
  ): Partial<Record<Name, JsonNode>> {
    const found: Partial<Record<Name, JsonNode>> = {}
    for (const member of this.members(node, what)) {
      const name = known.find((field) => field.toLowerCase() === member.key.toLowerCase())
      if (name === undefined) {
        if (other(member)) continue
        // headscale-admin keeps the name of a rule in "#ha-meta"; Headscale itself passes over such fields.
        if (member.key.startsWith('#')) {
          this.note(member.keyAt, 'not-here', {
            message: `"${short(member.key)}" is a note of another program and is left out.`,
            fix: 'It can be removed; a comment does the same',
          })
          continue
        }
        this.refuse(member.keyAt, 'unknown-field', {
          message: `${what} has no field "${short(member.key)}".`,
          fix: didYouMean(member.key, known, `Remove it; the fields are ${known.join(', ')}`),
        })
      } else if (found[name])
        this.refuse(member.keyAt, 'duplicate-key', {
          message: `"${member.key}" stands here a second time as "${name}".`,
          fix: 'Keep one of them, with the values of both',
        })
      // null is what Tailscale's console writes for an empty section.
      else if (member.value.kind !== 'null') found[name] = member.value
    }
    return found
  }

  members(node: JsonNode, what: string): readonly JsonMember[] {
    if (node.kind === 'object') return node.members
    this.#wrongKind(node, what, 'an object in { }')
    return []
  }

  list(node: JsonNode | undefined, what: string): readonly JsonNode[] {
    if (node === undefined) return []
    if (node.kind === 'array') return node.items
    this.#wrongKind(node, what, 'a list in [ ]')
    return []
  }

  text(node: JsonNode | undefined, what: string): string | null {
    if (node === undefined) return null
    if (node.kind === 'string') return node.value
    this.#wrongKind(node, what, 'a text in double quotes')
    return null
  }

  texts(node: JsonNode | undefined, what: string): readonly { readonly value: string; readonly at: Place }[] {
    return this.list(node, what).flatMap((item) => {
      const value = this.text(item, `Each entry of ${what}`)
      return value === null ? [] : [{ value, at: item.at }]
    })
  }

  #wrongKind(node: JsonNode, what: string, wanted: string): void {
    this.refuse(node.at, 'wrong-type', {
      message: `${what} is ${kindInWords(node)}; it has to be ${wanted}.`,
      fix: `Write ${wanted}`,
    })
  }
}

const short = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text)
