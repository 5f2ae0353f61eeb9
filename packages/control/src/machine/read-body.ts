import { MAX_MESSAGE, type Verb } from '@spanwire/mesh/protocol/parse-message'
import { MachineRefusal, type NodeRequest } from './answer.ts'

/** The text of a message. Bytes that are no UTF-8 become U+FFFD: they can only be shown. */
export function readBody(request: NodeRequest, verb: Verb): string {
  const size = typeof request.body === 'string' ? Buffer.byteLength(request.body) : request.body.byteLength
  if (size > MAX_MESSAGE[verb]) {
    throw new MachineRefusal('too-large', `a ${verb} has ${MAX_MESSAGE[verb]} bytes at most, this has ${size}`)
  }
  return typeof request.body === 'string' ? request.body : new TextDecoder().decode(request.body)
}
