// A simulated node and the script speak one language: what the renderers make of the golden values are the golden bytes.
import { readFileSync } from 'node:fs'
import { parseEnrol } from '@spanwire/mesh/protocol/parse-enrol'
import { parseReport } from '@spanwire/mesh/protocol/parse-report'
import { parseStep } from '@spanwire/mesh/protocol/parse-step'
import { expect, test } from 'vitest'
import { dfView, loadavgView, meminfoView, netdevView, statView } from './proc-views.ts'
import { renderEnrol, renderReport, renderStep } from './render-message.ts'
import { type PeerView, pathsBlock, wgBlocks } from './wg-views.ts'

const golden = (name: string) =>
  readFileSync(new URL(`../../../mesh/src/protocol/golden/${name}`, import.meta.url), 'utf8')
const block = (text: string, name: string) =>
  (text.split(`\n:${name}\n`)[1] ?? '').split(/\n(?! )/)[0]?.replace(/^ /gm, '') ?? ''

const KEY = '3p7bfXt9wbTTW2HC7OQ1Nz+DQ8hbeGdNrfx+FG+IK08='
const GATEWAY = 'hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo='
const INSTANCE = '0d6c4b1e-6f1f-4a52-9d0c-0f4e5b0f2a11.1'
const MACHINE = 'bc020a35b7f9cb1382e7b534c68e3c531d849b119bf14f75ddead6cc45c3ccc1'
const SCRIPT = '0.1.0 21a0270b7f66a1e4c25933f13a1e5a1bbb4757578072930c8189131f9c6aaae1'

const gateway: PeerView = {
  ...{ publicKey: GATEWAY, endpoint: '203.0.113.7:51820', allowedIps: ['10.77.0.0/16', 'fd12:3456:789a::/48'] },
  ...{ state: 'alive', since: 80_100, heard: 88_230, handshakeSeen: 88_191, handshakeUnix: 1_789_999_960 },
  ...{ rttMs: 12.345, sent: 310, lost: 2, rxBytes: 148_000, txBytes: 92_000 },
}
const counters = (name: string, rxBytes: number, rxPackets: number, txBytes: number, txPackets: number) => ({
  ...{ name, rxBytes, rxPackets, txBytes, txPackets },
})

test('a report', () => {
  const want = golden('report.txt')
  const made = renderReport(
    {
      ...{ instance: INSTANCE, trial: null, script: SCRIPT, uptime: 88_231.42, unix: 1_790_000_000 },
      confirmed: { epoch: 1, revision: 12, view: '2bcb43cbc8f6b7ef66331532881143fcbae60a879db3a8fb853f645bb24c2b3c' },
    },
    [
      ['loadavg', loadavgView([0.1, 0.05, 0.01], '1/123 4567')],
      ['meminfo', meminfoView(2_035_268, 1_530_112)],
      ['stat', statView([74_608, 2_520, 24_433, 1_117_073, 6_176, 4_054, 1_024, 0, 0, 0])],
      ['df', dfView('/dev/vda1', 20_134_592, 5_033_648, 15_084_560)],
      [
        'netdev',
        netdevView([
          counters('lo', 104_000, 1_000, 104_000, 1_000),
          counters('eth0', 9_031_522, 8_123, 1_200_345, 5_102),
          counters('span0', 148_000, 521, 92_000, 498),
        ]),
      ],
      ...wgBlocks('span0', KEY, 41_234, [gateway]),
      pathsBlock('span0', [gateway]),
      ['notes', 'host-firewall iptables FORWARD drops what the overlay forwards\n'],
      ['facts', block(want, 'facts')],
    ],
  )
  expect(made).toBe(want)
  expect(parseReport(made)).toEqual(parseReport(want))
})

test('an enrolment', () => {
  const want = golden('enrol.txt')
  const made = renderEnrol(
    {
      credentialSha256: 'e265b6f564601a1fe8dc42785cd18a868bd8013eb5899560e79248767a683e6b',
      ...{
        publicKey: KEY,
        instance: INSTANCE,
        machine: MACHINE,
        hostname: 'home-1',
        script: SCRIPT,
        unix: 1_790_000_000,
      },
    },
    block(want, 'facts'),
    '',
  )
  expect(made).toBe(want)
  expect(parseEnrol(made)).toMatchObject({ ok: true })
})

test('a step', () => {
  const want = golden('step.txt')
  const made = renderStep('preflight', 'failed', block(want, 'evidence'), 'no-wireguard')
  expect(made).toBe(want)
  expect(parseStep(made)).toMatchObject({ ok: true })
})
