/** What a tombstone proof is sealed for: the node's id, which its tombstone keeps. */
export const proofOf = (nodeId: string): string => `tombstone ${nodeId}`
