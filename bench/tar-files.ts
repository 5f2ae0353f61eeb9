const BLOCK = 512

/** Names and texts of a plain ustar of small regular files: a head of 512 bytes each, the size in octal at 124 (POSIX pax). */
export function tarFiles(tar: Buffer): Map<string, string> {
  const files = new Map<string, string>()
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0; ) {
    const name = tar.toString('latin1', at, at + 100).replace(/\0.*$/s, '')
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 136), 8)
    const begin = at + BLOCK
    files.set(name, tar.toString('utf8', begin, begin + size))
    at = begin + Math.ceil(size / BLOCK) * BLOCK
  }
  return files
}
