import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Host } from './host.ts'
import { Lab } from './lab.ts'

const PROGRAM = `#!/bin/sh
# Counts its starts on the disk; its child outlives it unless the whole unit is stopped.
echo "$0 $*" >> /var/lib/starts
[ "$1" != fail ] || exit 1
sleep 1001 &
exec sleep 1000
`
const unit = (service: string) => `[Unit]
Description=A test
[Service]
${service}
[Install]
WantedBy=multi-user.target
`

let lab: Lab
let host: Host

beforeAll(async () => {
  lab = await Lab.create({ controlPlane: false })
  host = await lab.publicHost('one')
  await host.writeFile('/usr/local/bin/program', PROGRAM, 0o755)
  await install(
    'steady',
    'ExecStartPre=-/bin/false\nExecStart=/usr/local/bin/program run\nRestart=always\nRestartSec=0.1',
  )
  await install('each@', 'ExecStart=/usr/local/bin/program %i\nKillMode=process')
  await install(
    'failing',
    'ExecStartPre=/usr/local/bin/program fail\nExecStart=/usr/local/bin/program never\nRestart=always',
  )
})
afterAll(() => lab?.[Symbol.asyncDispose]())

const install = (name: string, service: string) => host.writeFile(`/etc/systemd/system/${name}.service`, unit(service))
const starts = async () => (await host.exec('cat /var/lib/starts')).stdout
const mains = () => host.processes().filter(({ command }) => command === 'sleep 1000')
const children = () => host.processes().filter(({ command }) => command === 'sleep 1001')

test('a service is started, restarted when it dies, and stopped with its children', async () => {
  await host.output('systemctl daemon-reload && systemctl start steady && systemctl is-active steady.service')
  await expect.poll(() => [mains().length, children().length]).toEqual([1, 1])
  const first = mains()[0]?.pid
  host.signal(/^sleep 1000$/, 'SIGKILL')
  await expect.poll(() => mains().map(({ pid }) => pid !== first)).toEqual([true])
  await host.output('systemctl restart steady')
  await expect.poll(() => mains().length).toBe(1)
  await host.output('systemctl stop steady')
  expect([mains().length, children().length]).toEqual([0, 0])
  expect(await host.exec('systemctl is-active steady')).toMatchObject({ code: 3, stdout: 'inactive\n' })
  expect(await host.exec('systemctl stop steady')).toMatchObject({ code: 0 })
})

test('KillMode=process leaves the children, and an instance gets its name', async () => {
  await host.output('systemctl start each@span0')
  await expect.poll(() => [mains().length, children().length]).toEqual([1, 1])
  expect(await starts()).toContain('program span0\n')
  await host.output('systemctl stop each@span0')
  expect([mains().length, children().length]).toEqual([0, 1])
  host.signal(/^sleep 1001$/, 'SIGKILL')
})

test('a start whose preparation fails is an error, and nothing runs', async () => {
  const ran = await host.exec('systemctl start failing')
  expect(ran).toMatchObject({ code: 1 })
  expect(ran.stderr).toContain('failed')
  expect(mains()).toEqual([])
  await host.output('systemctl stop failing')
  expect(await starts()).not.toContain('never')
})

test('what is enabled starts at boot, what is not does not', async () => {
  await host.output('systemctl -q enable steady; rm /var/lib/starts')
  await host.reboot()
  await expect.poll(() => mains().length).toBe(1)
  expect(await starts()).toBe('/usr/local/bin/program run\n')
  await host.output('systemctl disable --now steady')
  expect(mains()).toEqual([])
  await host.reboot()
  expect(await host.exec('systemctl is-enabled steady')).toMatchObject({ code: 1 })
  expect(await starts()).toBe('/usr/local/bin/program run\n')
})

test('a setting the lab cannot honour is refused, and so is a unit that is not there', async () => {
  await install('odd', 'ExecStart=/bin/true\nDynamicUser=yes')
  expect((await host.exec('systemctl start odd')).stderr).toContain('does not know DynamicUser')
  expect(await host.exec('systemctl start nothing')).toMatchObject({ code: 5 })
})

test('a host without init has neither systemctl of ours nor the sign of systemd', async () => {
  const bare = await lab.publicHost('bare', { init: 'none' })
  expect((await bare.exec('[ -d /run/systemd/system ]')).code).toBe(1)
  expect((await bare.exec('[ -e /usr/local/bin/systemctl ]')).code).toBe(1)
})
