import { nth } from '../cidr.ts'
import type { ServerConfig } from '../config/server-config.ts'
import type { KubeObject } from './kube-object.ts'
import type { Store } from './store.ts'

/** What is in a cluster before anybody put anything there. */
export function seed(store: Store, config: ServerConfig): void {
  const ensure = (resource: string, namespace: string | undefined, object: KubeObject) => {
    const { name } = object.metadata
    const group = resource === 'daemonsets' ? 'apps' : ''
    if (!store.find(resource, name, namespace))
      store.create({ group, version: 'v1', resource, namespace, name, subresource: undefined }, object)
  }
  for (const name of ['default', 'kube-system', 'kube-public', 'kube-node-lease'])
    ensure('namespaces', undefined, { metadata: { name }, status: { phase: 'Active' } })
  ensure('services', 'default', {
    metadata: { name: 'kubernetes', labels: { component: 'apiserver', provider: 'kubernetes' } },
    spec: {
      type: 'ClusterIP',
      clusterIP: nth(config.serviceCidr, 1),
      ports: [{ name: 'https', protocol: 'TCP', port: 443, targetPort: config.port }],
    },
  })
  ensure('endpoints', 'default', { metadata: { name: 'kubernetes' }, subsets: [] })
  const disabled = config.options.list('disable')
  if (disabled.includes('servicelb') || disabled.includes('traefik')) return
  // ServiceLB for the packaged Traefik: a pod with host ports 80 and 443 on every node.
  const labels = { app: 'svclb-traefik', 'svccontroller.k3s.cattle.io/svcname': 'traefik' }
  const container = (name: string, port: number) => ({
    name,
    image: 'rancher/klipper-lb:v0.4.13',
    ports: [{ name, containerPort: port, hostPort: port, protocol: 'TCP' }],
  })
  ensure('daemonsets', 'kube-system', {
    metadata: { name: 'svclb-traefik', labels },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [container('lb-tcp-80', 80), container('lb-tcp-443', 443)],
          tolerations: [
            { key: 'node-role.kubernetes.io/master', operator: 'Exists' },
            { key: 'node-role.kubernetes.io/control-plane', operator: 'Exists' },
          ],
        },
      },
    },
  })
}
