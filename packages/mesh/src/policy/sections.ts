/**
 * The sections of Tailscale's and Headscale's files that Spanwire does not act on, with the reason. Most only give something that is
 * not there: a warning. What makes rules narrower there is refused, since leaving it out would let more through than its author meant.
 */
export type Section = { readonly reason: string; readonly narrows: boolean }

const gives = (reason: string): Section => ({ reason, narrows: false })
const narrows = (reason: string): Section => ({ reason, narrows: true })

export const OTHER_SECTIONS: Readonly<Record<string, Section>> = {
  ssh: gives('there is no Tailscale SSH here; a rule for port 22 lets SSH through'),
  sshTests: gives('there is no Tailscale SSH here'),
  nodeAttrs: gives('nodes have no Tailscale attributes here'),
  autoApprovers: gives('routes are approved on the page of a node'),
  postures: gives('the state of a device is not looked at here'),
  defaultSrcPosture: narrows(
    'the state of a device is not looked at here, so every rule would be wider than it was meant',
  ),
  ipsets: gives('give addresses an alias in hosts instead'),
  services: gives('there are no Tailscale services here'),
  extraDNSRecords: gives('DNS is not part of the policy here'),
  derpMap: gives('there are no DERP servers here, gateways carry'),
  disableIPv4: gives('the ranges of a network are its settings'),
  OneCGNATRoute: gives('the ranges of a network are its settings'),
  randomizeClientPort: gives('ports are chosen by the kernel here'),
  attrConfig: gives('attributes are not part of the policy here'),
  validations: gives('it is not part of the policy here'),
  regionalRouting: gives('paths are not part of the policy here'),
}
