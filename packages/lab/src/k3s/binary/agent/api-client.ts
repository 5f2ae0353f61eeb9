import type { HttpsClient } from '../https-client.ts'
import type { KubeObject } from '../server/kube-object.ts'

/** The Kubernetes API as the node's programs use it. */
export class ApiClient {
  readonly client: HttpsClient

  constructor(client: HttpsClient) {
    this.client = client
  }

  /** Undefined when there is none. */
  async find(path: string): Promise<KubeObject | undefined> {
    const { code, body } = await this.client.call(path)
    if (code === 404) return undefined
    if (code !== 200) throw new Error(messageOf(body))
    return JSON.parse(body)
  }

  async list(path: string): Promise<KubeObject[]> {
    return JSON.parse(await this.client.text(path)).items
  }

  async create(path: string, object: object): Promise<KubeObject> {
    return this.#send('POST', path, object)
  }

  async patch(path: string, change: object): Promise<KubeObject> {
    return this.#send('PATCH', path, change, 'application/merge-patch+json')
  }

  async remove(path: string): Promise<void> {
    await this.client.call(path, { method: 'DELETE' })
  }

  async #send(method: string, path: string, object: object, type = 'application/json'): Promise<KubeObject> {
    const answer = await this.client.call(path, {
      method,
      body: JSON.stringify(object),
      headers: { 'content-type': type },
    })
    if (answer.code >= 300) throw new Error(messageOf(answer.body))
    return JSON.parse(answer.body)
  }
}

function messageOf(body: string): string {
  try {
    return JSON.parse(body).message
  } catch {
    return body
  }
}
