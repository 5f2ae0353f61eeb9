import type { BundleFile } from '@spanwire/mesh/protocol/render-bundle'
import { pack } from 'tar-stream'

// Any fixed time in the past: same view, same bytes, and no tar warns of a file from the future on a node whose clock is behind.
const MTIME = new Date('2001-09-09T01:46:40Z')

/** Plain ustar of regular files, in the order given. */
export async function bundleTar(files: readonly BundleFile[]): Promise<Uint8Array> {
  const tar = pack()
  for (const file of files) tar.entry({ name: file.name, mode: 0o600, mtime: MTIME }, file.text)
  tar.finalize()
  const chunks: Uint8Array[] = []
  for await (const chunk of tar) chunks.push(chunk as Uint8Array)
  return Buffer.concat(chunks)
}
