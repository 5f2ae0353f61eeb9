/** How two nodes reach each other, the better first. */
export const PATH_KINDS = ['lan', 'direct', 'gateway', 'relayed', 'unreachable', 'none'] as const
export type PathKind = (typeof PATH_KINDS)[number]
