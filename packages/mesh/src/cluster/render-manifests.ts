/** What a server of the cluster applies by itself: a pod on each node that a ping proves, and what people may do by their role. */

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

/** Role in the organization, and the ClusterRole of Kubernetes that its group is bound to. */
export const CLUSTER_ROLES = {
  viewer: 'view',
  operator: 'edit',
  admin: 'cluster-admin',
  owner: 'cluster-admin',
} as const

/** As the certificate of a person names it. */
export const groupOf = (role: keyof typeof CLUSTER_ROLES): string => `spanwire:${role}`

export function renderAccess(): string {
  const bindings = (Object.keys(CLUSTER_ROLES) as (keyof typeof CLUSTER_ROLES)[]).map(
    (role) => `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: spanwire-${role}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: ${CLUSTER_ROLES[role]}
subjects:
  - apiGroup: rbac.authorization.k8s.io
    kind: Group
    name: "${groupOf(role)}"
`,
  )
  return `# Written by Spanwire: what people may do, by their role in the organization.\n${bindings.join('---\n')}`
}
