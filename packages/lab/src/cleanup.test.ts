import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { Lab } from './lab.ts'
import { LabUnavailable } from './lab-unavailable.ts'
import { namespaceOf, processes } from './process-table.ts'
import { run } from './run.ts'

// What the labs of one process could leave on the machine, where others may run labs of their own meanwhile.
async function traces(owner: number | undefined) {
  const lab = new RegExp(`spanwire-lab-${owner}-`)
  const [named, links] = await Promise.all([run(['ip', 'netns', 'list']), run(['ip', '-o', 'link'])])
  return {
    named: named.stdout,
    links: links.stdout.replace(/: <.*/g, ''),
    processes: processes()
      .filter(({ command }) => lab.test(command))
      .map(({ command }) => command),
    directories: [...readdirSync('/tmp'), ...readdirSync('/dev/shm')].filter((name) => lab.test(name)),
  }
}

const BUILD = `import { Lab } from ${JSON.stringify(new URL('./lab.ts', import.meta.url).href)}
const lab = await Lab.create()
const host = await (await lab.home('home-1')).host('one')
await host.output('wireguard-go span0')
host.spawn('sleep 1000')
console.log('built')
setInterval(() => {}, 1000)`

/** A process of its own that builds a lab and then waits. */
async function builder(): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', BUILD])
  let output = ''
  child.stderr.on('data', (chunk) => {
    output += chunk
  })
  await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])
  if (child.exitCode !== null) throw new Error(output)
  return child
}

test('a closed lab leaves nothing', async () => {
  const before = await traces(process.pid)
  expect(before).toMatchObject({ processes: [], directories: [] })
  const lab = await Lab.create()
  const home = await lab.home('home-1')
  const host = await home.host('one')
  await host.output('wireguard-go span0')
  host.spawn(['sleep', '1000'])
  await expect.poll(() => host.processes().map(({ name }) => name)).toEqual(['wireguard-go', 'sleep'])
  const inside = namespaceOf(host.processes('wireguard-go')[0]!.pid, 'pid')
  const open = await traces(process.pid)
  expect(open.links).not.toBe(before.links)
  expect(open.directories).toHaveLength(1)
  await lab[Symbol.asyncDispose]()
  expect(await traces(process.pid)).toEqual(before)
  expect(processes((pid) => namespaceOf(pid, 'pid') === inside)).toEqual([])
})

test('a killed owner takes its hosts with it, and the next lab sweeps up its directory', async () => {
  const links = (await traces(undefined)).links
  const owner = await builder()
  const built = await traces(owner.pid)
  expect(built.processes.length).toBeGreaterThanOrEqual(3)
  expect(built.directories).toHaveLength(1)
  owner.kill('SIGKILL')
  await once(owner, 'exit')
  await expect.poll(async () => (await traces(owner.pid)).processes, { timeout: 10_000 }).toEqual([])
  await expect.poll(async () => (await traces(owner.pid)).links, { timeout: 10_000 }).toBe(links)
  await using _ = await Lab.create({ controlPlane: false })
  expect((await traces(owner.pid)).directories).toEqual([])
})

test('a sweep leaves a living lab alone, and what merely looks like one', async () => {
  await using lab = await Lab.create()
  const host = await lab.publicHost('one')
  const foreign = '/tmp/spanwire-lab-notes'
  mkdirSync(foreign, { recursive: true })
  await using _ = await Lab.create({ controlPlane: false })
  expect(await host.output('hostname')).toBe('one\n')
  expect(readdirSync('/tmp')).toContain('spanwire-lab-notes')
  await run(['rmdir', foreign])
})

test('two labs have the same addresses at once and do not see each other', async () => {
  await using first = await Lab.create()
  await using second = await Lab.create({ controlPlane: false })
  const [one, two] = [await first.publicHost('gw-1'), await second.publicHost('gw-1')]
  expect(one.address).toBe(two.address)
  await one.writeFile('/etc/mine', 'first')
  expect((await two.exec('cat /etc/mine')).code).not.toBe(0)
})

test('a second lab that would share this namespace is refused with what to do', async () => {
  await using _ = await Lab.create()
  await expect(Lab.create()).rejects.toThrow(LabUnavailable)
  await expect(Lab.create()).rejects.toThrow('controlPlane: false')
})

test('in a network that the launcher did not make a lab is refused with what to do', async () => {
  const argv = ['unshare', '--net', process.execPath, '--import', 'tsx', '--input-type=module', '-e', BUILD]
  const ran = await run(argv)
  expect(ran.code).not.toBe(0)
  expect(ran.stderr).toContain('within.ts')
})

test('without root the launcher says so in one sentence', async () => {
  const within = new URL('./within.ts', import.meta.url).pathname
  const argv = ['setpriv', '--reuid=65534', '--clear-groups', process.execPath, '--import', 'tsx', within, '--', 'true']
  const { code, stderr } = await run(argv)
  expect(code).toBe(1)
  expect(stderr).toContain('Run the same command as root.')
})
