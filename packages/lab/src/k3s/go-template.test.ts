import { NODE_STATUS_TEMPLATE, parseNodeStatus } from '@spanwire/mesh/cluster/node-status'
import { describe, expect, test } from 'vitest'
import { goTemplate } from './binary/kubectl/go-template.ts'

const NODE = {
  metadata: { name: 'home-1', labels: { 'node-role.kubernetes.io/control-plane': 'true', a: 'b' } },
  spec: { podCIDRs: ['10.42.1.0/24', 'fd42:1::/64'], unschedulable: true },
  status: {
    conditions: [
      { type: 'MemoryPressure', status: 'False', reason: 'KubeletHasSufficientMemory' },
      {
        type: 'Ready',
        status: 'False',
        reason: 'said "no"\nnode evil',
        lastTransitionTime: '2026-11-21T14:01:07Z',
        lastHeartbeatTime: '2026-11-21T14:05:00Z',
      },
    ],
    addresses: [
      { type: 'InternalIP', address: '10.77.0.2' },
      { type: 'Hostname', address: 'home-1' },
    ],
    nodeInfo: { kubeletVersion: 'v1.34.1+k3s1' },
  },
}
const BARE = { metadata: { name: 'new-1' }, spec: {}, status: { nodeInfo: { kubeletVersion: 'v1.34.1+k3s1' } } }

describe('go-template', () => {
  test('the template of the node script prints what the server reads', () => {
    const printed = goTemplate({ items: [NODE, BARE] }, NODE_STATUS_TEMPLATE)
    expect(printed.split('\n')).toContain('reason "said \\"no\\"\\nnode evil"')
    const read = parseNodeStatus(printed)
    expect(read).toMatchObject({
      ok: true,
      value: [
        { name: 'home-1', ready: 'False', internalIps: ['10.77.0.2'], isControlPlane: true, isUnschedulable: true },
        { name: 'new-1', ready: null, podRanges: [], isControlPlane: false, isUnschedulable: false },
      ],
    })
  })

  const cases: { template: string; says: string }[] = [
    { template: '{{range .items}}{{.spec.nodeName}} {{.status.podIP}}{{"\\n"}}{{end}}', says: 'a <no value>\n' },
    { template: '{{range $k, $v := .map}}{{$k}}={{$v}};{{end}}', says: 'x=1;y=2;' },
    { template: '{{range .none}}some{{else}}none{{end}}', says: 'none' },
    { template: '{{if .empty}}yes{{else}}no{{end}} {{if eq .map.x 1 2}}one{{end}}', says: 'no one' },
    {
      template: '{{printf "%q and %s" .text .text}} {{$.text}} {{.map}}',
      says: '"a \\"b\\"" and a "b" a "b" map[x:1 y:2]',
    },
  ]
  test.each(cases)('$template', ({ template, says }) => {
    const root = {
      items: [{ spec: { nodeName: 'a' }, status: {} }],
      map: { y: 2, x: 1 },
      empty: {},
      text: 'a "b"',
    }
    expect(goTemplate(root, template)).toBe(says)
  })

  test.each(['{{range .items}}', '{{with .a}}{{end}}', '{{.text.more}}'])('%s is refused', (template) => {
    expect(() => goTemplate({ items: [], text: 'a' }, template)).toThrow(/error executing template/)
  })
})
