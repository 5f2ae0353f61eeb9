/** World units: px at zoom 1. */
export type Point = { x: number; y: number }
