/**
 * The steps of a join, in order. The node says each of them; a step is green only when the end named here saw it too.
 *
 *   paste ─ preflight ─ keys ─ enrolled ─ interface ─ handshake ─ reachable
 *           '------------ the server saw ------------' '- the gateway saw -'
 */
export type Step = 'preflight' | 'keys' | 'enrolled' | 'interface' | 'handshake' | 'reachable'

/** `cluster`: another machine of the Kubernetes cluster, see cluster/cluster-steps.ts. */
export type Confirmer = 'server' | 'gateway' | 'cluster'

export type StepRule = {
  readonly title: string
  readonly confirmedBy: Confirmer
  /** What the other end saw when it confirms. */
  readonly confirmedWhen: string
  /** Counted from the end of the step before, or from when the node began this one. */
  readonly timeoutSeconds: number
  /** The time-out's name: the last fact known and the likely cause. */
  readonly timeout: string
  readonly timeoutFix: string
  /** A later step does not prove it. */
  readonly standsAlone?: boolean
}

export const STEPS = {
  preflight: {
    title: 'Checks before anything is changed',
    confirmedBy: 'server',
    confirmedWhen: "the machine's facts arrived at the server",
    // Long enough for a package manager that first refreshes its lists over a slow line.
    timeoutSeconds: 300,
    timeout: 'the checks did not end within 5 minutes: a package manager may be waiting for its lock',
    timeoutFix: 'Look at the terminal of the machine; end what holds the package manager, then paste the line again.',
  },
  keys: {
    title: 'Keys made on the machine',
    confirmedBy: 'server',
    confirmedWhen: 'the public key arrived at the server; the private one never leaves the machine',
    timeoutSeconds: 30,
    timeout: 'no keys within 30 s of the checks',
    timeoutFix: 'Look at the terminal of the machine: /etc/spanwire must be writable. Then paste the line again.',
  },
  enrolled: {
    title: 'Enrolled',
    confirmedBy: 'server',
    confirmedWhen: 'the server gave the node its addresses',
    timeoutSeconds: 30,
    timeout: 'no enrolment within 30 s of the keys: the machine could not reach the server again',
    timeoutFix: 'Check that the machine reaches the address in the line (curl -v it there), then paste the line again.',
  },
  interface: {
    title: 'Tunnel interface up',
    confirmedBy: 'server',
    confirmedWhen: 'the node reported its interface with the key that it enrolled',
    timeoutSeconds: 60,
    timeout: 'no interface within 60 s of the enrolment',
    timeoutFix: 'Run "spanwire status" on the machine; it names what failed. Then paste the line again.',
  },
  handshake: {
    title: 'WireGuard handshake with the gateway',
    confirmedBy: 'gateway',
    confirmedWhen: "the gateway reported a handshake with this node's key",
    timeoutSeconds: 60,
    timeout: 'no handshake within 60 s: UDP to the gateway is likely blocked',
    timeoutFix:
      "Open the gateway's UDP port in its cloud firewall and router, and let the machine send UDP out. Check that the gateway's endpoint is its public address.",
  },
  reachable: {
    title: 'Answers through the tunnel',
    confirmedBy: 'gateway',
    confirmedWhen: 'the gateway heard the node through the tunnel',
    timeoutSeconds: 30,
    timeout:
      'handshake, but no answer through the tunnel within 30 s: a firewall on one of the two machines likely drops it',
    timeoutFix:
      'Paste the line again with "open the host firewall" chosen (--fix); it names the rule that drops the overlay.',
  },
} satisfies Record<Step, StepRule>

export const STEP_ORDER = Object.keys(STEPS) as readonly Step[]
