import { pack } from 'tar-stream'

export type TarMember = { name: string; text: string; type?: 'file' | 'symlink' | 'directory'; linkname?: string }

/** A tar of anything, hostile members included. */
export async function tarOf(members: readonly TarMember[]): Promise<Buffer> {
  const tar = pack()
  for (const { name, text, type = 'file', linkname } of members) {
    const header = { name, type, mode: 0o600, mtime: new Date('2001-09-09T01:46:40Z') }
    tar.entry(linkname === undefined ? header : { ...header, linkname }, type === 'file' ? text : '')
  }
  tar.finalize()
  const chunks: Uint8Array[] = []
  for await (const chunk of tar) chunks.push(chunk as Uint8Array)
  return Buffer.concat(chunks)
}
