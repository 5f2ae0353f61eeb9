/** `k3s token create | list | delete | generate` (docs/cli/token.md): bootstrap tokens are secrets in kube-system. */
import { randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { ApiClient } from './agent/api-client.ts'
import { duration } from './duration.ts'
import { HttpsClient } from './https-client.ts'
import { readCommandLine } from './kubectl/command-line.ts'
import { log } from './log.ts'
import { paths } from './paths.ts'
import type { KubeObject } from './server/kube-object.ts'
import { readKubeconfig } from './server/kubeconfig.ts'
import { formatToken } from './token.ts'

const SECRETS = '/api/v1/namespaces/kube-system/secrets'

export async function tokenCommand(argv: string[]): Promise<void> {
  const line = readCommandLine(argv)
  const [verb, ...words] = line.words
  if (verb === 'generate') return print(`${letters(6)}.${letters(16)}`)
  const config = readKubeconfig(line.value('kubeconfig') ?? process.env.KUBECONFIG ?? paths.kubeconfig)
  if (!config) throw new Error(`open ${paths.kubeconfig}: no such file or directory`)
  const client = new HttpsClient(config.server, config)
  const api = new ApiClient(client)
  try {
    if (verb === 'create') {
      const data = line.value('data-dir') ?? paths.data
      const [wanted = `${letters(6)}.${letters(16)}`] = words
      const lifetime = line.value('ttl') ?? '24h0m0s'
      const usages = (line.value('usages') ?? 'signing,authentication').split(',')
      const groups = line.value('groups') ?? 'system:bootstrappers:k3s:default-node-token'
      await create(api, { token: wanted, lifetime, usages, groups, description: line.value('description') ?? '' })
      print(formatToken(wanted, readFileSync(paths.tls(data, 'server-ca.crt'), 'utf8')))
    } else if (verb === 'list') list(await api.list(SECRETS), line.value('output'))
    else if (verb === 'delete') {
      for (const word of words) {
        const id = word.replace(/^K10[0-9a-f]*::/, '').slice(0, 6)
        const name = `bootstrap-token-${id}`
        if (!(await api.find(`${SECRETS}/${name}`)))
          throw new Error(`failed to delete bootstrap token "${id}": secrets "${name}" not found`)
        await api.remove(`${SECRETS}/${name}`)
        print(`bootstrap token "${id}" deleted`)
      }
    } else throw new Error(`No help topic for 'token ${verb}'`)
  } finally {
    client.close()
  }
}

type Wish = { token: string; lifetime: string; usages: string[]; groups: string; description: string }

async function create(api: ApiClient, { token, lifetime, usages, groups, description }: Wish): Promise<void> {
  if (!/^[a-z0-9]{6}\.[a-z0-9]{16}$/.test(token))
    throw new Error(`the bootstrap token "${token}" was not of the form "\\A([a-z0-9]{6})\\.([a-z0-9]{16})\\z"`)
  const [id = '', secret = ''] = token.split('.')
  const ms = duration(lifetime)
  await api.create(SECRETS, {
    metadata: { name: `bootstrap-token-${id}` },
    type: 'bootstrap.kubernetes.io/token',
    stringData: {
      'token-id': id,
      'token-secret': secret,
      ...(description === '' ? {} : { description }),
      ...(ms > 0 ? { expiration: new Date(Date.now() + ms).toISOString() } : {}),
      'auth-extra-groups': groups,
      ...Object.fromEntries(usages.map((usage) => [`usage-bootstrap-${usage}`, 'true'])),
    },
  })
  log.info(`bootstrap token ${id} created`)
}

function list(secrets: KubeObject[], output: string | undefined): void {
  const text = (value?: string) => Buffer.from(value ?? '', 'base64').toString()
  const tokens = secrets
    .filter(({ type }) => type === 'bootstrap.kubernetes.io/token')
    .map(({ data }) => ({
      token: `${text(data['token-id'])}.<hidden>`,
      expires: text(data.expiration),
      description: text(data.description),
      usages: Object.keys(data).flatMap((name) => /^usage-bootstrap-(.*)$/.exec(name)?.[1] ?? []),
      groups: text(data['auth-extra-groups']),
    }))
  if (output === 'json') {
    print(JSON.stringify(tokens))
    return
  }
  print('TOKEN\tTTL\tEXPIRES\tUSAGES\tDESCRIPTION\tEXTRA GROUPS')
  for (const each of tokens) {
    const left = each.expires === '' ? '<forever>' : `${Math.round((Date.parse(each.expires) - Date.now()) / 60_000)}m`
    print(
      [each.token, left, each.expires || '<never>', each.usages.join(), each.description || '<none>', each.groups].join(
        '\t',
      ),
    )
  }
}

function letters(count: number): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'
  return Array.from({ length: count }, () => alphabet[randomInt(36)]).join('')
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
