/** Lists of the settings as lines that a person writes, and back. */

/** `key=value` a line; a key that comes twice has both values. What has no value keeps its key, for the rule to complain about. */
export function parseArguments(text: string): Record<string, string[]> {
  const found = new Map<string, string[]>()
  for (const line of linesOf(text)) {
    const [, key = line, value = ''] = /^-{0,2}([^=:\s]+)\s*[=:]\s*(.*)$/.exec(line) ?? []
    found.set(key, [...(found.get(key) ?? []), ...(value === '' ? [] : [value])])
  }
  return Object.fromEntries(found)
}

export const argumentLines = (found: Readonly<Record<string, readonly string[]>>): string =>
  Object.entries(found)
    .flatMap(([key, values]) => (values.length === 0 ? [key] : values.map((value) => `${key}=${value}`)))
    .join('\n')

export type Mirror = { registry: string; endpoints: string[] }

/** A registry a line, then where it is asked for instead. */
export const parseMirrors = (text: string): Mirror[] =>
  linesOf(text).map((line) => {
    const [registry = '', ...endpoints] = line.split(/[\s,]+/)
    return { registry, endpoints }
  })

export const mirrorLines = (mirrors: readonly Mirror[]): string =>
  mirrors.map(({ registry, endpoints }) => [registry, ...endpoints].join(' ')).join('\n')

export const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
