export function nodeTooOld(version?: string): string | null
export function prepare(options: { web: boolean }): void
