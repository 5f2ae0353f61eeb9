import { err, type Fault, ok, type Result } from '../result.ts'

/** Linux has 15 (IFNAMSIZ 16 with its NUL). The base leaves room for `b`, `d` and `g239`: span0, span0b, span0d, span0g1. */
const MAX_BASE = 10

/** `all` and `default` are words of sysctl; the k3s installer's clean-up deletes rules and links with the others. */
const RESERVED = /^(lo|all|default|cni.*|flannel.*|kube-.*|docker.*|br-.*|veth.*)$/

/** The base of a network's interface names on its nodes. */
export function parseInterfaceName(text: string): Result<string, Fault<'bad-name' | 'too-long' | 'reserved'>> {
  if (text.length > MAX_BASE) {
    return err({
      kind: 'too-long',
      message: `an interface name has ${MAX_BASE} characters at most, this has ${text.length}; try "span0"`,
    })
  }
  if (!/^[a-z][a-z0-9_-]*$/.test(text)) {
    return err({
      kind: 'bad-name',
      message:
        'an interface name starts with a lower-case letter and goes on with those, digits, "_" and "-"; try "span0"',
    })
  }
  if (RESERVED.test(text)) {
    return err({ kind: 'reserved', message: `"${text}" belongs to the system or to Kubernetes; try "span0"` })
  }
  return ok(text)
}
