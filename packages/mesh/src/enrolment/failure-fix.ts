/** What to do about a failure that a node names in its ledger, by code. The evidence beside it is the machine's own words. */
const FIXES: Readonly<Record<string, string>> = {
  // preflight, on the machine
  'not-root': 'Run the line as root, or with sudo.',
  'not-linux': 'The node script runs on Linux only; add a laptop as a device instead.',
  'missing-tool': 'Install the packages that the evidence names, or paste the line with "install packages" chosen.',
  'no-wireguard': 'Install the package that the evidence names, or paste the line with "install packages" chosen.',
  'no-tun':
    'Give the machine /dev/net/tun: in a container, pass the device and NET_ADMIN; on a VPS, switch TUN on in its panel.',
  'port-in-use': 'Another program holds the UDP port. Stop it, or give the network another port.',
  'prefix-overlap': "The network's range meets one that this machine uses. Make the network with another range.",
  'clock-skew': 'Set the clock of the machine: switch NTP on (timedatectl set-ntp true), then paste the line again.',
  'host-firewall':
    'The host firewall would drop the overlay. Paste the line with "open the host firewall" chosen (--fix), or add the rule that the evidence names.',
  'paths-refused':
    'The node keeps the paths that it has. Bring the server up to date; if it stays, the line that the evidence names is a fault of ours.',
  'name-taken': 'Another node has this name. Rename one of them, then paste the line again.',
  'already-joined': 'This machine is a node already. Run "spanwire leave" on it first, or remove its old node here.',
  locked: 'Another run of the script is at work on this machine. Wait for it to end, then paste the line again.',
  'disk-full': 'Free some space on the machine; the script needs 2 MB.',
  'cloned-machine':
    'The keys on this machine were made on another one. Run "spanwire leave --local" and invite it as a node of its own.',
  // the way to the server
  unreachable:
    'The machine cannot reach the server. Check DNS, proxy and outgoing TCP from there to the address in the line.',
  'tls-failed':
    "The server's certificate is not the one in the line. Copy the line again; if it still fails, somebody is in between.",
  protocol:
    'Script and server differ by more than one minor version. Copy the line again: it brings the present script.',
  unavailable:
    'The server cannot work at present (its database is away). Nothing was changed; paste the line again in a minute.',
  'slow-down': 'Too many tries from this address. Wait a minute, then paste the line again.',
  malformed: 'The server could not read what the machine sent. Copy the line again: it brings the present script.',
  'too-large': 'The machine sent more than the server takes. Report this with the evidence.',
  // refusals of an enrolment
  unknown: 'The token is not known. Copy the whole line again, to the end.',
  'token-used':
    'The token has been used by another machine. If that was not you, remove the node; then make a fresh line here.',
  'token-expired': 'The token has expired. Make a fresh line here.',
  'token-revoked': 'The token was revoked. Make a fresh line here.',
  'bad-key': 'The machine made an unusable key. Run "spanwire leave" there, then paste the line again.',
  'key-in-use':
    'Another node has this key: the disk was cloned. Run "spanwire leave --local" on this machine, then paste the line again.',
  'bad-name': 'The name does not fit. Change it in the form and copy the line again.',
  'gateway-first': 'The first node of a network must be a gateway. Add one with a public endpoint, then this machine.',
  'pool-exhausted': "The network's range is full. Remove nodes that are gone, or make a network with a wider range.",
  quarantined:
    'This node is quarantined as a possible clone. Look at its page and decide which machine keeps the name.',
  paused: 'This node is paused. Resume it here.',
  removed: 'This node was removed. Make a fresh line here.',
  // interface, handshake, reachable
  'bundle-refused': 'The machine refused its configuration; the evidence names file and line. Report this.',
  'interface-failed':
    'The kernel refused the interface; the evidence has its words. Without WireGuard in the kernel, install wireguard-go.',
  'address-in-use': 'The machine uses an address of the overlay already. Take it off there, then paste the line again.',
  'firewall-failed': 'nft refused the rules; the evidence has its words. Install nftables 1.0 or later.',
  'rolled-back':
    'With the new configuration the machine lost the server and went back by itself. Look for a route or firewall that the overlay meets.',
  'no-endpoint':
    "The gateway's name does not resolve on this machine. Give the gateway a numeric endpoint, or mend DNS there.",
  'no-handshake': "No handshake with the gateway. Open the gateway's UDP port, and let the machine send UDP out.",
  'no-reply':
    'Handshake, but no answer through the tunnel. Look at the host firewall of both machines; --fix adds the rule.',
}

/** Scripts a version ahead may say codes that are not known here; the evidence still stands beside the sentence. */
export function failureFix(code: string | null | undefined): string {
  const fix = code != null && Object.hasOwn(FIXES, code) ? FIXES[code] : undefined
  return (
    fix ?? 'Read the evidence, mend it on the machine, then paste the line again: it goes on from where it stopped.'
  )
}
