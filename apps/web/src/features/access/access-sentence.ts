import type { PolicyDetail } from './policy-shapes.ts'

/** What holds at this moment, in a sentence. */
export function accessSentence({ number, trial }: Pick<PolicyDetail, 'number' | 'trial'>): string {
  const holds =
    number === null
      ? 'No policy holds: everything inside of this network is allowed.'
      : `Version ${number} holds: what no rule accepts is denied, on each machine itself.`
  return trial?.state === 'running' ? `${holds} Version ${trial.number} is on trial.` : holds
}
