import { invariant } from '@spanwire/mesh/invariant'
import type { BundleFile } from '@spanwire/mesh/protocol/render-bundle'

/**
 * Plain ustar of regular files, in the order given: 512 bytes of head, the text filled up to 512, two empty blocks last (POSIX.1-2017,
 * pax, "ustar Interchange Format"). Written here and not by a stream: one change makes a thousand of these in one turn, and the
 * stream took a third of it.
 */
export function bundleTar(files: readonly BundleFile[]): Uint8Array {
  const texts = files.map(({ text }) => Buffer.from(text))
  const tar = Buffer.alloc(texts.reduce((size, { length }) => size + BLOCK + padded(length), 2 * BLOCK))
  let at = 0
  for (const [i, { name }] of files.entries()) {
    const text = texts[i] as Buffer
    writeHead(tar.subarray(at, at + BLOCK), name, text.length)
    tar.set(text, at + BLOCK)
    at += BLOCK + padded(text.length)
  }
  return tar
}

const BLOCK = 512
const padded = (length: number): number => Math.ceil(length / BLOCK) * BLOCK

// Any fixed time in the past: same view, same bytes, and no tar warns of a file from the future on a node whose clock is behind.
const MTIME_SECONDS = Date.UTC(2001, 8, 9, 1, 46, 40) / 1000

/** What is the same for each file: mode, uid, gid, mtime, the type of a regular file, the magic, and device numbers. */
const HEAD = Buffer.alloc(BLOCK)
HEAD.write(octal(0o600, 6), 100, 'latin1')
HEAD.write(octal(0, 6), 108, 'latin1')
HEAD.write(octal(0, 6), 116, 'latin1')
HEAD.write(octal(MTIME_SECONDS, 11), 136, 'latin1')
// The sum is taken with its own eight bytes as spaces.
HEAD.write(' '.repeat(8), 148, 'latin1')
HEAD.write('0', 156, 'latin1')
HEAD.write('ustar\x0000', 257, 'latin1')
HEAD.write(octal(0, 6), 329, 'latin1')
HEAD.write(octal(0, 6), 337, 'latin1')
const HEAD_SUM = HEAD.reduce((sum, byte) => sum + byte, 0)

function writeHead(head: Buffer, name: string, size: number): void {
  invariant(name.length <= 100 && /^[\x20-\x7e]+$/.test(name), `${name} does not fit a ustar head`)
  head.set(HEAD)
  head.write(name, 0, 'latin1')
  head.write(octal(size, 11), 124, 'latin1')
  let sum = HEAD_SUM
  for (let i = 0; i < name.length; i++) sum += name.charCodeAt(i)
  for (let i = 124; i < 136; i++) sum += head[i] as number
  head.write(`${octal(sum, 6)}\0`, 148, 'latin1')
}

function octal(value: number, digits: number): string {
  return `${value.toString(8).padStart(digits, '0')} `
}
