/** What a machine says when it joins. */
import { err, type Fault, ok, type Result } from '../result.ts'
import { parsePublicKey } from '../wireguard/key.ts'
import { cleanText } from './clean-text.ts'
import { type Note, parseFacts, parseNotes } from './parse-facts.ts'
import { type MessageFault, parseMessage } from './parse-message.ts'
import { readCount, readHash, readInstance, readScript } from './read-fields.ts'

export type Enrolment = {
  /** of the credential that the node made; the credential itself comes first with the first report */
  readonly credentialSha256: string
  readonly publicKey: string
  readonly instance: string
  /** SHA-256 of machine-id and board id */
  readonly machine: string
  /** as the machine has it, any text: a name for the node is made of it only with a join key */
  readonly hostname: string
  readonly script: { readonly version: string; readonly sha256: string }
  readonly unixSeconds: number
  readonly facts: Record<string, string>
  readonly notes: readonly Note[]
}

export function parseEnrol(text: string): Result<Enrolment, MessageFault | Fault<'bad-key'>> {
  const message = parseMessage(text, 'enrol')
  if (!message.ok) return message
  const { fields, blocks } = message.value
  const credentialSha256 = readHash(fields.get('credential-sha256'))
  const instance = readInstance(fields.get('instance'))
  const machine = readHash(fields.get('machine'))
  const script = readScript(fields.get('script'))
  const unixSeconds = readCount(fields.get('unix'))
  const publicKey = parsePublicKey(fields.get('public-key') ?? '')
  if (credentialSha256 === null) return missing('credential-sha256')
  if (instance === null) return missing('instance')
  if (machine === null) return missing('machine')
  if (script === null) return missing('script')
  if (unixSeconds === null) return missing('unix')
  if (!publicKey.ok) return err({ kind: 'bad-key', message: publicKey.error.message })
  return ok({
    credentialSha256,
    publicKey: publicKey.value,
    instance,
    machine,
    hostname: cleanText(fields.get('hostname') ?? '', 255),
    script,
    unixSeconds,
    facts: parseFacts(blocks.get('facts') ?? ''),
    notes: parseNotes(blocks.get('notes') ?? ''),
  })
}

function missing(field: string): Result<never, MessageFault> {
  return err({
    kind: 'malformed',
    message: `the enrolment has no readable ${field}; is the script damaged? Run the join line again`,
  })
}
