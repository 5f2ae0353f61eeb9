/**
 * config.yaml, then config.yaml.d/*.yaml and *.yml by name; a later value replaces an earlier one, `key+:` appends to it
 * (pkg/configfilearg/parser.go). The result is a list of arguments that stand before those of the command line.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

export function readConfigFiles(file: string): string[] {
  const values = new Map<string, unknown>()
  for (const each of [...(existsSync(file) ? [file] : []), ...dropIns(`${file}.d`)]) {
    for (const [written, value] of Object.entries(readYaml(each))) {
      const appends = written.endsWith('+')
      const key = appends ? written.slice(0, -1) : written
      const before = values.get(key)
      values.set(key, appends && before !== undefined ? [...toList(before), ...toList(value)] : value)
    }
  }
  return [...values].flatMap(([key, value]) => toArguments(key, value))
}

function dropIns(directory: string): string[] {
  if (!existsSync(directory)) return []
  const names = readdirSync(directory).filter((name) => /\.ya?ml$/i.test(name))
  return names.sort().map((name) => join(directory, name))
}

/** YAML 1.1, as Go's yaml.v2: an unquoted `yes` or `on` is true. */
function readYaml(file: string): Record<string, unknown> {
  let read: unknown
  try {
    read = parse(readFileSync(file, 'utf8'), { version: '1.1', uniqueKeys: false })
  } catch (error) {
    throw new Error(`yaml: ${file}: ${(error as Error).message}`)
  }
  if (read === null || read === undefined) return {}
  if (typeof read !== 'object' || Array.isArray(read)) throw new Error(`yaml: ${file}: cannot unmarshal into a map`)
  return read as Record<string, unknown>
}

function toArguments(key: string, value: unknown): string[] {
  const dashes = key.length === 1 ? '-' : '--'
  return toList(value).map((each) => {
    if (typeof each === 'object' && each !== null)
      throw new Error(`${key} in config.yaml is neither a value nor a list`)
    return `${dashes}${key}=${each ?? ''}`
  })
}

function toList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value]
}
