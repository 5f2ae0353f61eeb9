/**
 * The group that the certificate of a person names: a group of one. Kubernetes cannot revoke a certificate, but what the group may do
 * is bound by the person's role, and bound anew when that changes: a role that was taken away is away although the certificate lives on.
 */
export const groupOf = (personId: string): string => `spanwire:${personId}`
