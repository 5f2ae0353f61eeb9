/** A policy to begin with: members reach everything, the machines of each cluster have what k3s needs, and nothing else is let through. */
export function startingText(clusters: readonly string[]): string {
  const fences = clusters.length > 0 ? clusters.map(fence).join('\n') : EXAMPLE
  return `{
  // Who is meant by a name. People are meant by their e-mail addresses, and their devices with them.
  "groups": {
    // "group:ops": ["ann@example.com"],
  },

  // Tags of machines, and who may give them.
  "tagOwners": {
    // "tag:db": ["group:ops"],
  },

  "acls": [
    // People reach everything with their devices.
    { "action": "accept", "src": ["autogroup:member"], "dst": ["*:*"] },

${fences}
  ],

  // Run each time this is saved; one that fails refuses it.
  "tests": [
    // { "src": "group:ops", "accept": ["tag:db:5432"] },
  ],
}
`
}

const fence = (name: string): string => `    // What k3s needs between the machines and pods of cluster ${name}.
    { "action": "accept", "src": ["cluster:${name}", "pods:${name}"], "dst": ["pods:${name}:*"] },
    { "action": "accept", "proto": "tcp", "src": ["cluster:${name}", "pods:${name}"], "dst": ["servers:${name}:6443", "cluster:${name}:10250"] },
    { "action": "accept", "proto": "tcp", "src": ["servers:${name}"], "dst": ["servers:${name}:2379-2380"] },`

const EXAMPLE = `    // Machines with one tag reach a port of those with another.
    // { "action": "accept", "proto": "tcp", "src": ["tag:web"], "dst": ["tag:db:5432"] },

    // What a k3s cluster called prod would need between its machines and pods.
    // { "action": "accept", "src": ["cluster:prod", "pods:prod"], "dst": ["pods:prod:*", "servers:prod:6443", "cluster:prod:10250"] },`
