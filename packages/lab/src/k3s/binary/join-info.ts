import { HttpsClient } from './https-client.ts'
import { log } from './log.ts'
import { hashCa, parseToken, type Token } from './token.ts'

export type JoinInfo = { caCerts: string; token: Token }

/** Fetches the cluster's CA without trust, then holds it against the token (pkg/clientaccess/token.go). Throws its words. */
export async function parseAndValidateToken(server: string, text: string): Promise<JoinInfo> {
  const token = parseToken(text)
  if (!server.startsWith('https://')) throw new Error(`only https:// URLs are supported, invalid scheme: ${server}`)
  const blind = new HttpsClient(server, {})
  let caCerts: string
  try {
    caCerts = await blind.text('/cacerts')
  } catch (error) {
    throw new Error(`failed to get CA certs: ${(error as Error).message}`)
  } finally {
    blind.close()
  }
  const trusting = new HttpsClient(server, { ca: caCerts })
  try {
    await trusting.text('/cacerts')
  } catch (error) {
    throw new Error(`CA cert validation failed: ${(error as Error).message}`)
  } finally {
    trusting.close()
  }
  if (token.caHash === '')
    log.warn(
      "Cluster CA certificate is not trusted by the host CA bundle, but the token does not include a CA hash. Use the full token from the server's node-token file to enable Cluster CA validation.",
    )
  else if (token.caHash !== hashCa(caCerts))
    throw new Error(
      `token CA hash does not match the Cluster CA certificate hash: ${token.caHash} != ${hashCa(caCerts)}`,
    )
  return { caCerts, token }
}
