import { hash } from 'node:crypto'

/** In one call: a change to a thousand nodes takes fifteen of these for each, and the object of createHash costs more than they. */
export const sha256hex = (text: string): string => hash('sha256', text)
