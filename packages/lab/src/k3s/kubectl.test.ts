import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Host } from '../host.ts'
import { Lab } from '../lab.ts'
import { ping } from '../ping.ts'
import { K3sHost } from './k3s-host.ts'
import { Pod } from './pod.ts'

/** A cluster as k3s makes it when nothing is said, so with VXLAN; and what kubectl does for scripts there. */
describe.sequential('kubectl', () => {
  let lab: Lab
  let server: K3sHost
  let agent: Host

  beforeAll(async () => {
    lab = await Lab.create({ controlPlane: false })
    const home = await lab.home('lan')
    server = new K3sHost(await home.host('server'))
    agent = await home.host('agent')
    await Promise.all([server.place(), new K3sHost(agent).place()])
    await server.host.output('INSTALL_K3S_SKIP_DOWNLOAD=true /root/install.sh --disable traefik --token secret', {
      timeoutMs: 60_000,
    })
    const env = {
      INSTALL_K3S_SKIP_DOWNLOAD: 'true',
      K3S_URL: `https://${server.host.address}:6443`,
      K3S_TOKEN: 'secret',
    }
    const labels = 'agent --node-label site=attic --node-taint home=yes:NoSchedule'
    await agent.output(`/root/install.sh ${labels}`, { env, timeoutMs: 60_000 })
    await server.untilReady(['server', 'agent'])
  })
  afterAll(() => lab?.[Symbol.asyncDispose]())

  const kubectl = (line: string) => server.host.exec(`k3s kubectl ${line}`, { timeoutMs: 60_000 })

  test('VXLAN: a device with an MTU 50 below, and pods that reach each other through it', async () => {
    const overrides = `--overrides='{"spec":{"nodeName":"agent"}}'`
    expect(
      (await kubectl(`run far --image=web ${overrides} && k3s kubectl run near --image=web --port=8080`)).code,
    ).toBe(0)
    await kubectl('wait pod/near pod/far --for=condition=Ready --timeout=30s')
    const [near, far] = await Promise.all([Pod.on(server.host, 'near'), Pod.on(agent, 'far')])
    // Routes of a node that came a moment ago are on their way.
    await expect.poll(() => ping(near, far.address), { timeout: 30_000 }).toMatchObject({ lost: 0 })
    expect(await far.ask(near.address, 8080)).toMatchObject({ pod: 'near', client: far.address })
    const [device] = JSON.parse(await agent.output('ip -d -j link show flannel.1'))
    expect(device).toMatchObject({ mtu: 1450, linkinfo: { info_data: { id: 1, port: 8472 } } })
    expect(await agent.output('cat /run/flannel/subnet.env')).toContain('FLANNEL_MTU=1450')
  })

  test('get prints tables, JSON and JSONPath; what is not there is an error or nothing', async () => {
    expect((await kubectl('get nodes -o wide')).stdout).toMatch(
      /^NAME +STATUS +ROLES +AGE +VERSION +INTERNAL-IP[\s\S]*\nserver +Ready +control-plane +\S+ +v1\.34\.1\+k3s1 +192\.168\.1\.10/m,
    )
    const names = `get nodes -o jsonpath='{range .items[*]}{.metadata.name}={.status.conditions[?(@.type=="Ready")].status}{"\\n"}{end}'`
    expect((await kubectl(names)).stdout).toBe('agent=True\nserver=True\n')
    const byKey = `get node agent -o jsonpath='{.metadata.annotations.flannel\\.alpha\\.coreos\\.com/public-ip}'`
    expect((await kubectl(byKey)).stdout).toBe(agent.address)
    expect(JSON.parse((await kubectl('get node agent -o json')).stdout).metadata.labels).toMatchObject({
      site: 'attic',
    })
    expect(await kubectl('get node nobody')).toMatchObject({
      code: 1,
      stderr: 'Error from server (NotFound): nodes "nobody" not found\n',
    })
    expect(await kubectl('get node nobody --ignore-not-found')).toMatchObject({ code: 0, stdout: '' })
    expect(await kubectl('get pods -A --field-selector spec.nodeName=agent -o name')).toMatchObject({
      stdout: 'pod/far\n',
    })
    const elsewhere = await agent.exec('k3s kubectl get nodes')
    expect(elsewhere.stderr).toContain('The connection to the server localhost:8080 was refused')
  })

  test('taints keep pods off a node, cordon too', async () => {
    await kubectl('run third --image=web && k3s kubectl wait pod/third --for=condition=Ready')
    expect((await kubectl("get pod third -o jsonpath='{.spec.nodeName}'")).stdout).toBe('server')
    expect((await kubectl('taint node agent home-')).stdout).toBe('node/agent tainted\n')
    expect((await kubectl('cordon server')).stdout).toBe('node/server cordoned\n')
    await kubectl('run fourth --image=web && k3s kubectl wait pod/fourth --for=condition=Ready')
    expect((await kubectl("get pod fourth -o jsonpath='{.spec.nodeName}'")).stdout).toBe('agent')
    expect((await kubectl('get node server')).stdout).toContain('Ready,SchedulingDisabled')
    expect((await kubectl('uncordon server')).stdout).toBe('node/server uncordoned\n')
  })

  test('drain refuses loose pods without --force, then empties the node', async () => {
    const refused = await kubectl('drain agent --timeout=20s')
    expect(refused.stderr).toContain(
      'cannot delete Pods that declare no controller (use --force to override): default/far',
    )
    const drained = await kubectl('drain agent --force --ignore-daemonsets --delete-emptydir-data --timeout=20s')
    expect(drained).toMatchObject({ code: 0 })
    expect(drained.stdout).toContain('pod/far evicted')
    expect(drained.stdout).toMatch(/node\/agent drained\n$/)
    expect(await agent.output('ip netns list')).toBe('')
    await kubectl('uncordon agent')
  })

  test('labels and annotations: no overwriting unless told', async () => {
    expect((await kubectl('label node agent site=cellar')).stderr).toContain('--overwrite is false')
    expect((await kubectl('label node agent site=cellar --overwrite')).stdout).toBe('node/agent labeled\n')
    expect((await kubectl('annotate node agent spanwire.test/note=x')).stdout).toBe('node/agent annotated\n')
    expect((await kubectl('get nodes -l site=cellar -o name')).stdout).toBe('node/agent\n')
    await kubectl('label node agent site-')
    expect((await kubectl('get nodes -l site -o name')).stdout).toBe('')
  })

  test('run with a command, exec and logs cross to the node', async () => {
    const address = (await kubectl("get pod near -o jsonpath='{.status.podIP}'")).stdout
    const overrides = `--overrides='{"spec":{"nodeName":"agent"}}'`
    const asked = await kubectl(
      `run probe -i --rm -q --restart=Never --image=busybox ${overrides} -- busybox wget -qO- http://${address}:8080/`,
    )
    expect(asked).toMatchObject({ code: 0 })
    expect(JSON.parse(asked.stdout)).toMatchObject({ pod: 'near' })
    expect(await kubectl('exec near -- sh -c "echo hello; exit 3"')).toMatchObject({ code: 3, stdout: 'hello\n' })
    expect((await kubectl('logs near')).stdout).toContain('listening on 8080')
  })

  test('a DaemonSet is on every node, and a manifest in server/manifests is applied', async () => {
    const labels = { app: 'everywhere' }
    const template = { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'web' }] } }
    const set = {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'everywhere' },
      spec: { selector: { matchLabels: labels }, template },
    }
    await server.host.writeFile('/var/lib/rancher/k3s/server/manifests/everywhere.yaml', JSON.stringify(set))
    const nodes = `get pods -l app=everywhere -o jsonpath='{.items[*].spec.nodeName}'`
    await expect
      .poll(async () => (await kubectl(nodes)).stdout.split(' ').sort().join(), { timeout: 15_000 })
      .toBe('agent,server')
  })
})
