import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { certificateFor, pinOf } from './certificate.ts'
import { settings } from './env.ts'
import { scratch } from './server-process.ts'
import { startServer } from './start-server.ts'
import { Stop } from './stop.ts'

const curl = (...args: string[]) => promisify(execFile)('curl', ['-sS', '--max-time', '10', ...args])

test('curl as the join line calls it takes the pin that the server says, and no other', async () => {
  await using data = await scratch()
  const server = await startServer(settings({ data: data.path, port: 0, web: false, tls: { kind: 'self-signed' } }))
  try {
    expect(server.url).toMatch(/^https:/)
    const { stdout } = await curl('-k', '--pinnedpubkey', server.pin ?? '', `${server.url}/join`)
    expect(stdout).toContain(`\nSERVER_PIN='${server.pin}'\n`)
    const other = `sha256//${createHash('sha256').update('another key').digest('base64')}`
    await expect(curl('-k', '--pinnedpubkey', other, `${server.url}/join`)).rejects.toMatchObject({ code: 90 })
    await expect(curl('--pinnedpubkey', server.pin ?? '', `${server.url}/join`)).rejects.toMatchObject({ code: 60 })
  } finally {
    await server.close()
  }
})

test('the certificate is made once, for its owner alone to read, and so is the pin', async () => {
  await using data = await scratch()
  const first = await certificateFor({ kind: 'self-signed' }, data.path, 'spanwire.example.com')
  const second = await certificateFor({ kind: 'self-signed' }, data.path, 'spanwire.example.com')
  expect(second).toEqual(first)
  expect((await stat(join(data.path, 'tls.pem'))).mode & 0o777).toBe(0o600)
})

test('a certificate of one’s own is served as it is, and has no pin', async () => {
  await using data = await scratch()
  const made = await certificateFor({ kind: 'self-signed' }, data.path, 'localhost')
  const [certificate, key] = [join(data.path, 'a.pem'), join(data.path, 'b.pem')]
  await writeFile(certificate, made?.certificate ?? '')
  await writeFile(key, made?.key ?? '')
  const read = await certificateFor({ kind: 'files', certificate, key }, data.path, 'localhost')
  expect(read?.pin).toBeNull()
  expect(pinOf(read?.certificate ?? '')).toBe(made?.pin)
  expect(read?.key).toBe(await readFile(key, 'utf8'))
})

test('files that are not there or are no PEM are named', async () => {
  await using data = await scratch()
  const nowhere = join(data.path, 'nowhere.pem')
  const wrong = certificateFor({ kind: 'files', certificate: nowhere, key: nowhere }, data.path, 'localhost')
  await expect(wrong).rejects.toThrow(`SPANWIRE_TLS names ${nowhere}, which cannot be read (ENOENT)`)
  await writeFile(nowhere, 'hello')
  const again = certificateFor({ kind: 'files', certificate: nowhere, key: nowhere }, data.path, 'localhost')
  await expect(again).rejects.toBeInstanceOf(Stop)
})
