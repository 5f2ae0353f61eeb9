/** What was measured before k3s is installed, and what could not be, said so: an unknown is no good news. */
import { clockStatus } from '../health/clock-status.ts'
import type { PreflightFacts } from './preflight-facts.ts'

export type PreflightKnown = {
  readonly what: 'udp' | 'mtu' | 'nat' | 'clock'
  readonly isKnown: boolean
  readonly text: string
}

export function preflightKnown(facts: PreflightFacts, isGateway: boolean): PreflightKnown[] {
  const clock: PreflightKnown =
    facts.clockSkewMs === null
      ? { what: 'clock', isKnown: false, text: 'the clock was not compared with that of the server' }
      : { what: 'clock', isKnown: true, text: `the ${clockStatus(facts.clockSkewMs).sentence}` }
  // A gateway knocks at nobody.
  return isGateway ? [clock] : [udp(facts), mtu(facts), nat(facts), clock]
}

function udp({ udpGateway }: PreflightFacts): PreflightKnown {
  if (udpGateway === 'ok') return { what: 'udp', isKnown: true, text: 'the gateway answers by UDP' }
  if (udpGateway === 'no-answer')
    return { what: 'udp', isKnown: true, text: 'nothing comes back from the gateway by UDP' }
  return { what: 'udp', isKnown: false, text: 'whether UDP reaches the gateway shows when the tunnel is made' }
}

function mtu({ pathMtu, linkMtu }: PreflightFacts): PreflightKnown {
  if (pathMtu !== null)
    return { what: 'mtu', isKnown: true, text: `packets of ${pathMtu} bytes reach the gateway unbroken` }
  const link = linkMtu === null ? '' : `; the link of this machine carries ${linkMtu} bytes`
  return {
    what: 'mtu',
    isKnown: false,
    text: `the largest packet that reaches the gateway unbroken could not be measured${link}`,
  }
}

const NAT = {
  none: 'the gateway sees this machine at an address of its own: there is no NAT',
  easy: 'there is a NAT, and it keeps the port',
  hard: 'there is a NAT, and it gives this machine another port for each peer',
} as const

function nat({ nat }: PreflightFacts): PreflightKnown {
  if (nat !== null && nat !== 'unknown') return { what: 'nat', isKnown: true, text: NAT[nat] }
  return {
    what: 'nat',
    isKnown: false,
    text: 'the kind of NAT is not known: one gateway alone cannot tell, and before the tunnel none can',
  }
}
