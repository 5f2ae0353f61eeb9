import { err, ok, type Result } from '../result.ts'
import type { Refused } from './read-protocol.ts'
import { LAST_PORT, mergePorts, type PortRange } from './service.ts'

/** `*` (null: all), `80`, `80,443`, `1000-2000`, or a mix. */
export function readPorts(text: string): Result<readonly PortRange[] | null, Refused> {
  if (text === '*') return ok(null)
  const ranges: PortRange[] = []
  for (const item of text.split(',')) {
    const parts = /^([0-9]{1,5})(?:-([0-9]{1,5}))?$/.exec(item.trim())
    const first = Number(parts?.[1])
    const last = Number(parts?.[2] ?? parts?.[1])
    if (!parts || last > LAST_PORT || first > LAST_PORT)
      return err({
        message: `"${item.slice(0, 20)}" is no port.`,
        fix: 'Write 443, 80,443, 1000-2000, or * for all; ports go up to 65535',
      })
    if (first > last)
      return err({ message: `The range ${first}-${last} runs backwards.`, fix: `Write ${last}-${first}` })
    ranges.push({ first, last })
  }
  const merged = mergePorts(ranges)
  return ok(merged[0]?.first === 0 && merged[0].last === LAST_PORT ? null : merged)
}
