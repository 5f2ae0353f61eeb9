import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { readSettings } from './env.ts'
import { help, settingsTable } from './help.mjs'
import { Stop } from './stop.ts'

test.each([
  { it: 'a port that is no number', env: { PORT: 'http' }, says: /PORT is "http": give a number/ },
  { it: 'a port out of range', env: { PORT: '70000' }, says: /PORT is "70000"/ },
  { it: 'port 0', env: { PORT: '0' }, says: /PORT is "0"/ },
  { it: 'a host with a space', env: { HOST: 'my host' }, says: /HOST is "my host": give an address/ },
  {
    it: 'an address without a scheme',
    env: { SPANWIRE_URL: 'spanwire.example.com' },
    says: /SPANWIRE_URL is .*https:/,
  },
  { it: 'an address with a path', env: { SPANWIRE_URL: 'https://a.example/x' }, says: /leave the path away/ },
  { it: 'an address that ends a shell word', env: { SPANWIRE_URL: "https://a'$(id)" }, says: /SPANWIRE_URL is/ },
  { it: 'a database of another kind', env: { DATABASE_URL: 'mysql://a/b' }, says: /DATABASE_URL is not .*postgresql:/ },
  { it: 'a short secret', env: { SPANWIRE_SECRET: 'short' }, says: /SPANWIRE_SECRET is shorter than 32/ },
  { it: 'an unknown kind of TLS', env: { SPANWIRE_TLS: 'on' }, says: /SPANWIRE_TLS is "on": give off, self-signed/ },
  { it: 'a range too wide', env: { SPANWIRE_TRUSTED_PROXIES: '10.0.0.0/33' }, says: /has "10\.0\.0\.0\/33"/ },
  { it: 'a proxy by name', env: { SPANWIRE_TRUSTED_PROXIES: '127.0.0.1, caddy' }, says: /has "caddy"/ },
  { it: 'a console that is neither on nor off', env: { SPANWIRE_CONSOLE: 'no' }, says: /SPANWIRE_CONSOLE is "no"/ },
])('$it is one sentence with the fix', ({ env, says }) => {
  const problem = stopOf(env)
  expect(problem).toMatch(says)
  expect(problem.split('\n')).toHaveLength(1)
})

test('what is wrong in two settings is said of both', () => {
  expect(stopOf({ PORT: 'x', SPANWIRE_TLS: 'y' }).split('\n')).toHaveLength(2)
})

test('neither the password of a database nor a secret is ever shown', () => {
  expect(stopOf({ DATABASE_URL: 'mysql://spanwire:hunter22@db/x', SPANWIRE_SECRET: 'hunter23' })).not.toMatch(/hunter/)
})

test('everything has a default, and an empty variable counts as none', () => {
  const settings = readSettings({ PORT: '', SPANWIRE_URL: ' ' })
  expect(settings).toMatchObject({ port: 3000, host: 'localhost', url: null, databaseUrl: null, tls: { kind: 'off' } })
  expect(settings.data).toBe(`${process.cwd()}/data`)
})

test.each([
  { url: 'https://spanwire.example.com', host: '::' },
  { url: 'http://192.168.1.5:3000', host: '::' },
  { url: 'http://localhost:3000', host: 'localhost' },
  { url: 'http://127.0.0.1:8080', host: 'localhost' },
])('with $url it listens on $host', ({ url, host }) => {
  expect(readSettings({ SPANWIRE_URL: url })).toMatchObject({ url, host })
})

test('TLS by files and proxies by range', () => {
  expect(
    readSettings({ SPANWIRE_TLS: '/etc/a.pem:/etc/b.pem', SPANWIRE_TRUSTED_PROXIES: '127.0.0.1,fd00::/8' }),
  ).toMatchObject({
    tls: { kind: 'files', certificate: '/etc/a.pem', key: '/etc/b.pem' },
    trustedProxies: ['127.0.0.1', 'fd00::/8'],
  })
})

test('--help, the table of the README and what is read name the same settings', async () => {
  const names = settingsTable.map(({ name }) => name)
  for (const name of names) expect(help()).toMatch(new RegExp(`^  ${name} `, 'm'))
  const readme = await readFile(new URL('../../../README.md', import.meta.url), 'utf8')
  const [, table = ''] = /^## Settings$([\s\S]*?)^## /m.exec(readme) ?? []
  const rows = [...table.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell = '']) => cell.match(/[A-Z_]+/g) ?? [])
  expect(rows.sort()).toEqual(names.toSorted())
  // Each that is read refuses nonsense or takes it: one that nobody reads would be named for nothing.
  const asked: string[] = []
  readSettings(new Proxy({}, { get: (_, name) => void asked.push(String(name)) }))
  expect(asked.sort()).toEqual(names.toSorted())
})

function stopOf(env: Record<string, string | undefined>): string {
  try {
    readSettings(env)
  } catch (error) {
    expect(error).toBeInstanceOf(Stop)
    return (error as Stop).message
  }
  throw new Error('nothing was refused')
}
