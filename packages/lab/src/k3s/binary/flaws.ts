import { readFileSync } from 'node:fs'
import { paths } from './paths.ts'

export type Flaw = 'crash-at-start' | 'slow-start' | 'never-ready'

/**
 * What this machine's k3s shall do wrong: one `name` or `name=value` a line. Read each time it is asked for, so that a test
 * mends a running k3s by removing the line.
 */
export function flaw(name: Flaw): string | undefined {
  let text = ''
  try {
    text = readFileSync(paths.flaws, 'utf8')
  } catch {
    return undefined
  }
  const line = text.split('\n').find((each) => each.split('=')[0] === name)
  return line === undefined ? undefined : (line.split('=')[1] ?? 'yes')
}
