/** What the server signs and tells; the private key is added here, in the browser. */
export type Signed = { cluster: string; server: string; caPem: string; certificatePem: string; user: string }

/** A kubeconfig file. JSON quotes its words: whatever a name holds, it stays one YAML scalar (YAML 1.2 contains JSON). */
export function kubeconfigText({ cluster, server, caPem, certificatePem, user }: Signed, keyPem: string): string {
  const context = `${user}@${cluster}`
  return `${[
    'apiVersion: v1',
    'kind: Config',
    'clusters:',
    `- name: ${JSON.stringify(cluster)}`,
    '  cluster:',
    `    server: ${JSON.stringify(server)}`,
    `    certificate-authority-data: ${base64(caPem)}`,
    'users:',
    `- name: ${JSON.stringify(user)}`,
    '  user:',
    `    client-certificate-data: ${base64(certificatePem)}`,
    `    client-key-data: ${base64(keyPem)}`,
    'contexts:',
    `- name: ${JSON.stringify(context)}`,
    '  context:',
    `    cluster: ${JSON.stringify(cluster)}`,
    `    user: ${JSON.stringify(user)}`,
    `current-context: ${JSON.stringify(context)}`,
  ].join('\n')}\n`
}

const base64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)))
