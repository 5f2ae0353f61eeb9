import { errorWords } from './error-words.ts'
import type { Status } from './status-mark.tsx'

export type Toast = { id: number; status: Status; title: string | null; text: string; stayMs: number }

const DONE_MS = 6_000
/** A failure has to be read, and perhaps acted upon. */
const FAILURE_MS = 14_000
const AT_MOST = 4

let toasts: readonly Toast[] = []
let lastId = 0
const listeners = new Set<() => void>()

/** One sentence in the corner. For what was done; errors of a form stand in the form. */
export function say(text: string) {
  add({ status: 'good', title: null, text, stayMs: DONE_MS })
}

export function sayFailure(what: string, error: unknown) {
  const { text, fix } = errorWords(error)
  add({ status: 'bad', title: what, text: fix ? `${text} ${fix}` : text, stayMs: FAILURE_MS })
}

export function dismiss(id: number) {
  set(toasts.filter((toast) => toast.id !== id))
}

export const toastsNow = () => toasts

export function subscribeToasts(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function add(toast: Omit<Toast, 'id'>) {
  lastId += 1
  set([...toasts, { ...toast, id: lastId }].slice(-AT_MOST))
}

function set(next: readonly Toast[]) {
  toasts = next
  for (const listener of listeners) listener()
}
