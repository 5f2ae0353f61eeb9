import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { settings } from './env.ts'
import { run, scratch } from './server-process.ts'
import { startServer } from './start-server.ts'

const password = 'correct horse battery'

test('owner, key and password without a browser: with the server stopped, then beside it', async () => {
  await using data = await scratch()
  const admin = (args: string[], input?: string) => run('admin', { SPANWIRE_DATA: data.path }, args, input).ended
  const makeKey = ['make-api-key', '--name', 'ci', '--role', 'operator', '--expires-days', '30']
  expect(await admin(makeKey)).toMatchObject({ code: 1, errors: expect.stringContaining('make-owner') })

  const first = ['make-owner', '--email', 'Ada@Acme.test', '--name', 'Ada', '--organization', 'Acme']
  expect(await admin(first, `${password}\n`)).toMatchObject({ code: 0 })
  const made = await admin(makeKey)
  expect(made.output.trim()).toMatch(/^swk_[A-Za-z0-9_-]{43}$/)

  const server = await startServer(settings({ data: data.path, port: 0, web: false }))
  try {
    const headers = { authorization: `Bearer ${made.output.trim()}` }
    const mine = await (await fetch(`${server.url}/api/v1/me`, { headers })).json()
    expect(mine).toMatchObject({ role: 'operator', organization: { name: 'Acme' } })

    const file = join(data.path, 'password')
    await writeFile(file, `${password} again\n`, { mode: 0o600 })
    const second = ['make-owner', '--email', 'bob@acme.test', '--name', 'Bob', '--password-file', file]
    expect(await admin(second)).toMatchObject({ code: 0 })
    expect(await admin(second)).toMatchObject({ code: 1, errors: expect.stringContaining('has an account already') })
    expect(await admin(['reset-password', '--email', 'ada@acme.test'], 'a new one, long enough\n')).toMatchObject({
      code: 0,
    })
    const nobody = await admin(['reset-password', '--email', 'eve@acme.test'], 'a new one, long enough\n')
    expect(nobody).toMatchObject({ code: 1, errors: expect.stringContaining('nobody has an account') })
  } finally {
    await server.close()
  }
})

test.each([
  {
    it: 'a short password',
    args: ['make-owner', '--email', 'a@b.test', '--name', 'A'],
    input: 'short\n',
    says: /12 characters/,
  },
  {
    it: 'no password',
    args: ['make-owner', '--email', 'a@b.test', '--name', 'A'],
    input: '',
    says: /no password in standard input/,
  },
  {
    it: 'no e-mail address',
    args: ['make-owner', '--email', 'a', '--name', 'A'],
    input: password,
    says: /e-mail address/,
  },
  {
    it: 'an unknown role',
    args: ['make-api-key', '--name', 'x', '--role', 'god'],
    input: '',
    says: /viewer, operator, admin, owner/,
  },
  {
    it: 'days that are none',
    args: ['make-api-key', '--name', 'x', '--role', 'viewer', '--expires-days', '-1'],
    input: '',
    says: /days/,
  },
  {
    it: 'a password in argv',
    args: ['make-owner', '--email', 'a@b.test', '--name', 'A', '--password', 'x'],
    input: '',
    says: /unknown option/,
  },
])('$it is refused with a sentence and no stack', async ({ args, input, says }) => {
  await using data = await scratch()
  const { code, errors } = await run('admin', { SPANWIRE_DATA: data.path }, args, input).ended
  expect(code).toBe(1)
  expect(errors).toMatch(says)
  expect(errors).not.toMatch(/\n\s+at /)
})
