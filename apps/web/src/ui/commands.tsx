'use client'

import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useId,
  useMemo,
  useRef,
  useSyncExternalStore,
} from 'react'

/** Something a person can do from here: listed in the palette, and under `?` when it has keys. */
export type Command = {
  id: string
  label: string
  /** heading in the palette: 'Go to', 'This node', … */
  group: string
  /** 'g t' is g, then t; '/' is one key. Never with Ctrl or Meta: those belong to the browser. */
  keys?: string
  hint?: string
  /** gives way to another command with the same keys: '/' searches everything, unless the page has a search of its own */
  weak?: boolean
  run: () => void
}

type Listener = () => void

/** What the page on screen offers. Features add theirs while mounted; the palette and the key list read them. */
class CommandRegistry {
  #byOwner = new Map<string, Command[]>()
  #listeners = new Set<Listener>()
  #all: Command[] = []

  set(owner: string, commands: Command[] | null) {
    if (commands) this.#byOwner.set(owner, commands)
    else this.#byOwner.delete(owner)
    this.#all = [...this.#byOwner.values()].flat()
    for (const listener of this.#listeners) listener()
  }

  all = () => this.#all

  subscribe = (listener: Listener) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

const Registry = createContext<CommandRegistry | null>(null)

export function CommandsProvider({ children }: { children: ReactNode }) {
  const registry = useMemo(() => new CommandRegistry(), [])
  useKeySequences(registry)
  return <Registry value={registry}>{children}</Registry>
}

/** Offers these commands while the caller is mounted. Pass a new array only when labels change; `run` is always the latest. */
export function useCommands(commands: Command[]) {
  const registry = useContext(Registry)
  const owner = useId()
  const latest = useRef(commands)
  useEffect(() => {
    latest.current = commands
  })
  const shape = JSON.stringify(
    commands.map(({ id, label, group, keys, hint, weak }) => [id, label, group, keys, hint, weak]),
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` stands for the commands, which are new at each render
  useEffect(() => {
    const stable = latest.current.map((command, index) => ({ ...command, run: () => latest.current[index]?.run() }))
    registry?.set(owner, stable)
    return () => registry?.set(owner, null)
  }, [registry, owner, shape])
}

const NONE: Command[] = []

export function useAllCommands(): Command[] {
  const registry = useContext(Registry)
  return useSyncExternalStore(registry?.subscribe ?? (() => () => {}), registry?.all ?? (() => NONE), () => NONE)
}

/** The second key of a sequence may take this long. */
const SEQUENCE_MS = 1200

function useKeySequences(registry: CommandRegistry) {
  useEffect(() => {
    let first: { key: string; at: number } | null = null
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return
      if (document.querySelector('[role="dialog"][aria-modal="true"]')) return
      const sequence = first && event.timeStamp - first.at < SEQUENCE_MS ? `${first.key} ${event.key}` : event.key
      const commands = registry.all()
      const hit = byKeys(commands, sequence)
      if (hit) {
        event.preventDefault()
        first = null
        hit.run()
        return
      }
      const begins = commands.some((command) => command.keys?.startsWith(`${event.key} `))
      first = begins ? { key: event.key, at: event.timeStamp } : null
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [registry])
}

/** What these keys do at present. */
export function byKeys(commands: readonly Command[], keys: string): Command | undefined {
  const all = commands.filter((command) => command.keys === keys)
  return all.find((command) => !command.weak) ?? all[0]
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target instanceof HTMLInputElement) return !/^(checkbox|radio|button)$/.test(target.type)
  return target.isContentEditable || /^(textarea|select)$/i.test(target.tagName)
}
