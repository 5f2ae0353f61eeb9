/** What a server of the cluster applies by itself: a pod on each node that a ping proves, and what people may do by their role. */
import { invariant } from '../invariant.ts'
import { groupOf } from './person-group.ts'

/**
 * The image is the one that k3s starts every pod with, so it is there without a way out too; the kernel answers the pings. On every
 * node, whatever its taints: a node without it is a node without proof.
 */
export function renderProbe(): string {
  return `# Written by Spanwire: one pod on each node, which the servers ping.
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: spanwire-probe
  namespace: kube-system
  labels:
    app: spanwire-probe
spec:
  selector:
    matchLabels:
      app: spanwire-probe
  updateStrategy:
    type: RollingUpdate
    rollingUpdate:
      maxUnavailable: 100%
  template:
    metadata:
      labels:
        app: spanwire-probe
    spec:
      automountServiceAccountToken: false
      enableServiceLinks: false
      terminationGracePeriodSeconds: 0
      nodeSelector:
        kubernetes.io/os: linux
      tolerations:
        - operator: Exists
      containers:
        - name: probe
          image: rancher/mirrored-pause:3.6
          imagePullPolicy: IfNotPresent
          resources:
            requests:
              cpu: 1m
              memory: 4Mi
            limits:
              memory: 16Mi
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            runAsNonRoot: true
            runAsUser: 65535
            capabilities:
              drop:
                - ALL
`
}

/** Role in the organization, and the ClusterRole of Kubernetes that its people are bound to. */
export const CLUSTER_ROLES = {
  viewer: 'view',
  operator: 'edit',
  admin: 'cluster-admin',
  owner: 'cluster-admin',
} as const

type Role = keyof typeof CLUSTER_ROLES

export type ClusterPerson = { readonly id: string; readonly role: Role }

export function renderAccess(people: readonly ClusterPerson[]): string {
  const bindings = (Object.keys(CLUSTER_ROLES) as Role[]).map((role) => {
    const ids = people.filter((person) => person.role === role).map(({ id }) => id)
    return `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: spanwire-${role}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: ${CLUSTER_ROLES[role]}
subjects:${ids.length === 0 ? ' []\n' : `\n${ids.sort().map(subject).join('')}`}`
  })
  return `# Written by Spanwire: what people may do, by their role in the organization.\n${bindings.join('---\n')}`
}

function subject(personId: string): string {
  invariant(/^[0-9a-f-]{36}$/.test(personId), 'a person has a uuid')
  return `  - apiGroup: rbac.authorization.k8s.io
    kind: Group
    name: "${groupOf(personId)}"
`
}
