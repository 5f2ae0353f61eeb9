/** An expected outcome of a rule, good or bad. A rule never throws for bad input: what it throws is a bug. */
export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E }

/** What most rules say when they refuse: a closed code for programs, a sentence with the fix for persons. */
export type Fault<Kind extends string> = { readonly kind: Kind; readonly message: string }

export const ok = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value })

export const err = <E>(error: E): { readonly ok: false; readonly error: E } => ({ ok: false, error })
