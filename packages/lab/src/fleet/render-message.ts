/** What a node sends, in the very words of the script (docs/protocol.md, "A message from the node"). */
export type Applied = { readonly epoch: number; readonly revision: number; readonly view: string }

export const NO_BUNDLE: Applied = { epoch: 0, revision: 0, view: '-' }

export type Block = readonly [name: string, text: string]

export type ReportHead = {
  readonly instance: string
  readonly confirmed: Applied
  readonly trial: Applied | null
  readonly script: string
  readonly uptime: number
  readonly unix: number
}

export function renderReport(head: ReportHead, blocks: readonly Block[]): string {
  const { confirmed, trial } = head
  const fields = [
    'spanwire report 1',
    `instance ${head.instance}`,
    `epoch ${confirmed.epoch}`,
    `revision ${confirmed.revision}`,
    `view ${confirmed.view}`,
    ...(trial ? [`trial ${trial.epoch} ${trial.revision} ${trial.view}`] : []),
    `script ${head.script}`,
    `uptime ${head.uptime.toFixed(2)}`,
    `unix ${head.unix}`,
  ]
  return message(fields, blocks)
}

export type EnrolHead = {
  readonly credentialSha256: string
  readonly publicKey: string
  readonly instance: string
  readonly machine: string
  readonly hostname: string
  readonly script: string
  readonly unix: number
}

export function renderEnrol(head: EnrolHead, facts: string, notes: string): string {
  const fields = [
    'spanwire enrol 1',
    `credential-sha256 ${head.credentialSha256}`,
    `public-key ${head.publicKey}`,
    `instance ${head.instance}`,
    `machine ${head.machine}`,
    `hostname ${head.hostname}`,
    `script ${head.script}`,
    `unix ${head.unix}`,
  ]
  return message(fields, [
    ['facts', facts],
    ['notes', notes],
  ])
}

export type StepState = 'running' | 'done' | 'failed'

export function renderStep(step: string, state: StepState, evidence: string, code?: string): string {
  const fields = ['spanwire step 1', `step ${step}`, `state ${state}`, ...(code ? [`code ${code}`] : [])]
  return message(fields, [['evidence', evidence]])
}

export type AnswerOf = {
  readonly request: string
  readonly state: 'done' | 'failed'
  readonly code: string | null
  readonly evidence: string
  readonly secret: string | null
}

export function renderAnswer({ request, state, code, evidence, secret }: AnswerOf): string {
  const fields = ['spanwire answer 1', `request ${request}`, `state ${state}`, ...(code ? [`code ${code}`] : [])]
  return message(fields, [['evidence', evidence], ...(secret === null ? [] : [['secret', secret] as const])])
}

function message(fields: readonly string[], blocks: readonly Block[]): string {
  let text = `${fields.join('\n')}\n`
  for (const [name, raw] of blocks)
    text += `:${name}\n${raw === '' ? '' : ` ${raw.trimEnd().replaceAll('\n', '\n ')}\n`}`
  return text
}
