/** Where a node stands, for the scheduler ("Well-Known Labels, Annotations and Taints" of the Kubernetes reference). */
export const ZONE_LABEL = 'topology.kubernetes.io/zone'
export const REGION_LABEL = 'topology.kubernetes.io/region'
