import { createHash } from 'node:crypto'

/** Numbers from 0 to 1 that are the same for the same words (mulberry32 on 32 bits of their SHA-256). */
export function seeded(...words: readonly (string | number)[]): () => number {
  let state = seededBytes(...words).readUInt32LE()
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** 32 bytes that are the same for the same words. */
export function seededBytes(...words: readonly (string | number)[]): Buffer {
  return createHash('sha256').update(words.join('\0')).digest()
}

export function pick<Item>(items: readonly Item[], random: () => number): Item {
  return items[Math.floor(random() * items.length)] as Item
}
