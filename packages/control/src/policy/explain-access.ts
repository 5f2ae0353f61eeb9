import { formatAddress } from '@spanwire/mesh/ip/address'
import { explain } from '@spanwire/mesh/policy/explain'
import type { AccessPlan } from '@spanwire/mesh/policy/plan-access'
import { readProtocol } from '@spanwire/mesh/policy/read-protocol'
import { hasPorts } from '@spanwire/mesh/policy/service'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { askedPlan } from './asked-plan.ts'
import { PolicyText } from './policy-text.ts'

const Who = z.string().trim().min(1, 'Say who.').max(200)

export const ExplainAccess = z.object({
  networkId: z.uuid(),
  /** whoever a policy can name; a node by its name alone; `device:NAME`, or `device:NAME of EMAIL` where several have one of that name */
  from: Who,
  to: Who,
  proto: z.string().trim().max(40).default('tcp'),
  port: z.coerce.number().int().min(0).max(65_535).nullable().optional(),
  /** under this text, and not under what holds */
  text: PolicyText.optional(),
})
const Case = z.object({
  allowed: z.boolean(),
  rule: z.object({ number: z.number(), line: z.number(), column: z.number() }).nullable(),
  sentence: z.string(),
  family: z.union([z.literal(4), z.literal(6)]),
  from: z.string(),
  to: z.string(),
})
export const ExplainAccessOutput = z.object({
  /** `some` where answers differ between those who are meant; `nobody` where nobody is */
  verdict: z.enum(['allowed', 'denied', 'some', 'nobody']),
  sentence: z.string(),
  /** one for each answer that differs */
  cases: z.array(Case),
})

/** "Can A reach B on port P, and which rule says so." */
export async function explainAccess(
  ctx: Context,
  input: z.infer<typeof ExplainAccess>,
): Promise<z.infer<typeof ExplainAccessOutput>> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const { plan } = await askedPlan(ctx, organizationId, input)
  const protocols = readProtocol(input.proto)
  if (!protocols.ok) throw bad('proto', protocols.error.message, protocols.error.fix)
  const usesPorts = protocols.value.some(hasPorts)
  if (usesPorts && (input.port === null || input.port === undefined))
    throw bad('port', `Say which port of ${input.proto}.`, 'A number from 0 to 65535.')
  const port = usesPorts ? (input.port ?? null) : null
  const found: z.infer<typeof Case>[] = []
  for (const from of meant(plan, input.from))
    for (const to of meant(plan, input.to))
      for (const protocol of protocols.value) found.push(...casesOf(plan, from, to, protocol, port))
  const cases = [...new Map(found.map((one) => [`${one.allowed} ${one.rule?.number} ${one.sentence}`, one])).values()]
  const allowed = cases.filter((one) => one.allowed).length
  const verdict =
    cases.length === 0 ? 'nobody' : allowed === cases.length ? 'allowed' : allowed === 0 ? 'denied' : 'some'
  return { verdict, sentence: sentenceOf(verdict, cases, input), cases: cases.slice(0, MOST_CASES) }
}

const MOST_CASES = 50

function casesOf(plan: AccessPlan, from: string, to: string, protocol: number, port: number | null) {
  const explained = explain(plan, { from, to, protocol, port })
  if (!explained.ok) throw bad('from', explained.error.message, explained.error.fix)
  // ICMP is asked for in both families, and exists in each as another protocol.
  const other = protocol === 1 ? 6 : protocol === 58 ? 4 : null
  return explained.value.cases
    .filter((one) => one.from.family !== other)
    .map((one) => ({
      allowed: one.allowed,
      rule: one.rule,
      sentence: one.why,
      family: one.from.family,
      from: formatAddress(one.from),
      to: formatAddress(one.to),
    }))
}

/** What people write, as the language of policies has it: a node's name alone, and devices, which have no word there. */
function meant({ directory, policy }: AccessPlan, text: string): string[] {
  const device = /^device:(.+)$/.exec(text)?.[1]
  if (device !== undefined) {
    const devices = [...directory.machines.values()].filter(({ kind }) => kind === 'device')
    const machine =
      devices.find(({ name, owner }) => `${name} of ${owner}` === device) ?? devices.find(({ name }) => name === device)
    if (!machine) throw bad('from', `There is no device "${device}".`, 'Devices are listed on their page.')
    const { v4, v6 } = machine.addresses
    return [
      ...v4.map(({ first }) => formatAddress({ family: 4, value: first })),
      ...v6.map(({ first }) => formatAddress({ family: 6, value: first })),
    ]
  }
  return policy.hosts.has(text) || !directory.byKey.has(`node:${text}`) ? [text] : [`node:${text}`]
}

function sentenceOf(
  verdict: z.infer<typeof ExplainAccessOutput>['verdict'],
  cases: readonly z.infer<typeof Case>[],
  { from, to }: z.infer<typeof ExplainAccess>,
): string {
  if (verdict === 'nobody') return `Nobody is ${from}, or nobody is ${to}, at this moment.`
  if (verdict !== 'some') return cases[0]?.sentence ?? ''
  return `It differs: ${cases.find(({ allowed }) => !allowed)?.sentence ?? ''}`
}

const bad = (field: string, message: string, fix: string): Refusal =>
  new Refusal('BAD_REQUEST', message, { field, fix })
