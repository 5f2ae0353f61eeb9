import { pack } from 'tar-stream'
import { expect, test } from 'vitest'
import { bundleTar } from './bundle-tar.ts'

const files = [
  { name: 'meta', text: 'format 1\n' },
  { name: 'peers/span0', text: 'x'.repeat(512) },
  { name: 'routes', text: '' },
  { name: 'names', text: 'ü'.repeat(300) },
]

test('a bundle is, byte for byte, the tar that a library makes of the same files', async () => {
  const theirs = pack()
  for (const { name, text } of files) theirs.entry({ name, mode: 0o600, mtime: new Date('2001-09-09T01:46:40Z') }, text)
  theirs.finalize()
  const chunks: Uint8Array[] = []
  for await (const chunk of theirs) chunks.push(chunk as Uint8Array)
  expect(Buffer.compare(bundleTar(files), Buffer.concat(chunks))).toBe(0)
})

test.each(['', 'é', 'a\nb', 'x'.repeat(101)])('a name that does not fit the head is refused: %j', (name) => {
  expect(() => bundleTar([{ name, text: '' }])).toThrow('does not fit a ustar head')
})
