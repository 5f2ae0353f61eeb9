/** Certificates and key, as the supervisor sends them in one text. */
export function splitPem(text: string): { certificate: string; key: string } {
  const at = text.indexOf('-----BEGIN PRIVATE KEY-----')
  return { certificate: text.slice(0, at), key: text.slice(at) }
}
