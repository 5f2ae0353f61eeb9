/**
 * kubectl's JSONPath as scripts use it: `{.a.b[0]}`, `{.items[*].metadata.name}`, `{["a.b/c"]}` or `.a\.b`, filters
 * `[?(@.type=="Ready")]`, `{range .items[*]}…{end}`, quoted text and "\n".
 */
export function jsonPath(root: unknown, template: string): string {
  const parts = template.match(/\{[^{}]*\}|[^{}]+/g) ?? []
  return render(parts, root)
}

function render(parts: string[], root: unknown): string {
  let text = ''
  for (let n = 0; n < parts.length; n += 1) {
    const part = parts[n] ?? ''
    if (!part.startsWith('{')) {
      text += part
      continue
    }
    const inner = part.slice(1, -1).trim()
    if (inner.startsWith('range ')) {
      const end = closing(parts, n)
      const body = parts.slice(n + 1, end)
      for (const each of select(root, inner.slice(6).trim())) text += render(body, each)
      n = end
    } else if (/^["']/.test(inner)) text += JSON.parse(`"${inner.slice(1, -1)}"`)
    else text += select(root, inner).map(show).join(' ')
  }
  return text
}

function closing(parts: string[], from: number): number {
  let depth = 0
  for (let n = from; n < parts.length; n += 1) {
    if (/^\{\s*range /.test(parts[n] ?? '')) depth += 1
    if (/^\{\s*end\s*\}/.test(parts[n] ?? '')) depth -= 1
    if (depth === 0) return n
  }
  return parts.length
}

function select(root: unknown, path: string): unknown[] {
  const steps = path.match(/\[\?\(.*?\)\]|\[[^\]]*\]|\.(?:\\.|[^.[\\])*/g) ?? []
  let found: unknown[] = [root]
  for (const step of steps.filter((each) => each !== '.')) found = found.flatMap((value) => take(value, step))
  return found.filter((value) => value !== undefined)
}

function take(value: unknown, step: string): unknown[] {
  const list = Array.isArray(value) ? value : []
  const [, path, operator, wanted] = /^\[\?\(@(.*?)\s*(==|!=)\s*["']?(.*?)["']?\)\]$/.exec(step) ?? []
  if (path !== undefined) return list.filter((each) => (show(select(each, path)[0]) === wanted) === (operator === '=='))
  if (step === '[*]') return Array.isArray(value) ? list : Object.values(value ?? {})
  const index = /^\[(-?\d+)\]$/.exec(step)?.[1]
  if (index !== undefined) return [list.at(Number(index))]
  const key = step.startsWith('.') ? step.slice(1).replaceAll('\\', '') : step.slice(2, -2)
  return [(value as Record<string, unknown> | undefined)?.[key]]
}

function show(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
