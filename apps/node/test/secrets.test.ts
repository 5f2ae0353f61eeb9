import { afterAll, beforeAll, expect, test } from 'vitest'
import { NodeLab } from './node-lab.ts'
import { scriptText, scriptWith } from './script-file.ts'

let lab: NodeLab

beforeAll(async () => {
  lab = await NodeLab.create()
})
afterAll(() => lab?.[Symbol.asyncDispose]())

/** Puts in front of each program that the script names one which writes down how it was called, and with what around it. */
const watch = `
real() { PATH=/usr/bin:/usr/sbin:/bin:/sbin command -v "$1"; }
for name in $WORDS; do
  file=$(real "$name") || continue
  case $file in /*) ;; *) continue ;; esac
  rm -f "/usr/local/bin/$name"
  printf '#!/usr/bin/dash\\nprintf "%%s\\\\n" "\${0##*/} $*" "token in the environment: $SPANWIRE_TOKEN" >> /dev/shm/calls\\nexec %s "$@"\\n' "$file" > "/usr/local/bin/$name"
  chmod 755 "/usr/local/bin/$name"
done`

test.concurrent.each([
  {
    from: 'the environment',
    name: 'env',
    line: (url: string, token: string) => `curl -fsS ${url}/join | SPANWIRE_TOKEN=${token} /usr/bin/dash`,
  },
  {
    from: 'a file',
    name: 'file',
    line: (url: string, token: string) =>
      `printf '%s\\n' ${token} > /root/token; curl -fsS ${url}/join | sh -s -- --token-file /root/token`,
  },
])(
  'no process is called with a secret, none is printed or sent, when the token comes from $from',
  async ({ name, line }) => {
    const server = await lab.server()
    const machine = await lab.machine(name, server)
    const words = [...new Set(scriptText.match(/[a-z][a-z0-9-]+/g))].join(' ')
    await machine.host.output(watch, { env: { WORDS: words } })
    const node = server.invite(name, 'gateway', `${machine.host.address}:51820`)

    // Not by `sh`, which is watched: that the line stands in the argument of a shell is this test's doing.
    const pasted = await machine.host.exec(['/usr/bin/dash', '-c', line(server.url, node.token)], { timeoutMs: 90_000 })
    expect(pasted).toMatchObject({ code: 0 })
    await machine.synced()
    const read = async (file: string) => (await machine.host.readFile(`/etc/spanwire/${file}`)).trim()
    const secrets = {
      token: node.token,
      privateKey: await read('private.key'),
      credential: await read('credential'),
      tombstone: await read('tombstone'),
    }
    // A new peer, a newer script and a look at it: all that a node does in its life.
    server.scriptText = server.fill(scriptWith('VERSION=0.9.9'))
    Object.assign(server.invite('other', 'member'), { publicKey: PEER, state: 'active', credentialHash: '-' })
    server.publish()
    await machine.said(/a newer script takes over/)
    await machine.synced()
    const status = await machine.spanwire('status')
    const log = await machine.log()
    const left = await machine.spanwire('leave')

    const calls = await machine.host.readFile('/dev/shm/calls')
    for (const program of ['curl', 'wg', 'ip', 'nft', 'awk', 'tar', 'sh', 'ping'])
      expect(calls).toMatch(new RegExp(`^${program} `, 'm'))
    const said = [pasted, status, left].map(({ stdout, stderr }) => stdout + stderr).join('\n')
    const sent = server.requests.map(({ body }) => body).join('\n')
    for (const [name, secret] of Object.entries(secrets)) {
      expect(secret.length).toBeGreaterThan(40)
      for (const [where, text] of Object.entries({ calls, said, log, sent })) {
        const line = text.split('\n').find((line) => line.includes(secret))
        expect(line, `${name} in ${where}`).toBe(undefined)
      }
    }
    expect(calls).not.toMatch(/^token in the environment: ./m)
  },
)

const PEER = 'hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo='
