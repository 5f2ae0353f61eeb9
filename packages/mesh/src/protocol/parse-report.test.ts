import { expect, test } from 'vitest'
import report from './golden/report.txt?raw'
import { parseReport } from './parse-report.ts'

const GATEWAY = 'hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo='

test('the golden report, in numbers', () => {
  const parsed = parseReport(report)
  if (!parsed.ok) throw new Error(parsed.error.message)
  const span0 = parsed.value.interfaces.get('span0')
  expect(parsed.value).toMatchObject({
    instance: '0d6c4b1e-6f1f-4a52-9d0c-0f4e5b0f2a11.1',
    confirmed: { epoch: 1, revision: 12 },
    trial: null,
    script: { version: '0.1.0' },
    uptimeSeconds: 88231.42,
    unixSeconds: 1790000000,
    load1: 0.1,
    memory: { totalKb: 2035268, freeKb: 1530112 },
    cpu: { total: 74608 + 2520 + 24433 + 1117073 + 6176 + 4054 + 1024, idle: 1117073 + 6176 },
    disk: { totalKb: 20134592, freeKb: 15084560 },
    notes: [{ code: 'host-firewall', text: 'iptables FORWARD drops what the overlay forwards' }],
  })
  expect(parsed.value.traffic.get('span0')).toEqual({ rxBytes: 148000, txBytes: 92000 })
  expect(span0?.listenPort).toBe(41234)
  expect(span0?.handshakes.get(GATEWAY)).toBe(1789999960)
  expect(span0?.transfers.get(GATEWAY)).toEqual({ rxBytes: 148000, txBytes: 92000 })
  expect(parsed.value.paths).toEqual([
    {
      interfaceName: 'span0',
      publicKey: GATEWAY,
      state: 'alive',
      since: 80100,
      heard: 88230,
      rttMs: 12.345,
      sent: 310,
      lost: 2,
      handshakeSeen: 88191,
    },
  ])
  expect(parsed.value.facts).toMatchObject({
    os: 'Debian GNU/Linux 12 (bookworm)',
    address: 'eth0 192.168.1.20/24\nspan0 10.77.0.2/16',
  })
})

test.each(['instance', 'epoch', 'revision', 'view', 'script', 'uptime', 'unix'])(
  'a report without %s is refused',
  (field) => {
    const text = report.replace(new RegExp(`^${field} .*\n`, 'm'), '')
    expect(parseReport(text)).toMatchObject({ ok: false, error: { kind: 'malformed' } })
  },
)

test.each([
  ['revision', '-1'],
  ['revision', '1e3'],
  ['revision', '99999999999999999999'],
  ['epoch', '4294967296'],
  ['view', '3fa9'],
  ['view', `${'A'.repeat(64)}`],
  ['instance', '$(reboot)'],
  ['uptime', 'NaN'],
  ['script', '0.1.0'],
])('%s %s is refused', (field, value) => {
  const text = report.replace(new RegExp(`^${field} .*`, 'm'), () => `${field} ${value}`)
  expect(parseReport(text)).toMatchObject({ ok: false, error: { kind: 'malformed' } })
})

test('what a machine lacks, or says in nonsense, is unknown and never zero', () => {
  const head = report.slice(0, report.indexOf(':loadavg'))
  const bare = parseReport(head)
  expect(bare.ok && bare.value).toMatchObject({
    load1: null,
    memory: null,
    cpu: null,
    disk: null,
    paths: [],
    facts: null,
  })
  const nonsense = parseReport(
    `${head}:loadavg\n lots\n:meminfo\n MemTotal: x kB\n:stat\n cpu a b c d e\n:df\n -\n:paths\n a b c\n`,
  )
  expect(nonsense.ok && nonsense.value).toMatchObject({ load1: null, memory: null, cpu: null, disk: null, paths: [] })
})

test('text for people keeps no control characters and no halves of characters', () => {
  const head = report.slice(0, report.indexOf(':loadavg'))
  const hostile = `${head}:notes\n a \u001b[31mred\u0000 \u202egnp.exe \ud83d\n:facts\n hostname ${'\u{1f4a9}'.repeat(600)}\n`
  const parsed = parseReport(hostile)
  if (!parsed.ok) throw new Error(parsed.error.message)
  const kept = JSON.stringify([parsed.value.notes, parsed.value.facts])
  // Written as escapes by JSON.stringify if any were left.
  expect(kept).not.toMatch(/\\u(00[01]|d[89a-f])/i)
  expect(kept).not.toContain('\u202e')
  expect(parsed.value.facts?.hostname?.length).toBe(1000)
})

test('a trial is epoch, revision and view', () => {
  const view = 'a'.repeat(64)
  const parsed = parseReport(report.replace('script ', `trial 1 13 ${view}\nscript `))
  expect(parsed.ok && parsed.value.trial).toEqual({ epoch: 1, revision: 13, view })
  expect(parseReport(report.replace('script ', 'trial soon\nscript '))).toMatchObject({ ok: false })
})
