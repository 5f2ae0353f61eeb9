import { pick } from '../fleet/seeded.ts'
import type { Outlet } from '../outlet.ts'
import type { SoakNet } from './soak-net.ts'

export type Cut = {
  readonly text: string
  /** Machines that are cut off from all others, though not from each other. */
  readonly island: readonly string[]
  /** Two that do not reach each other, though all others reach both: gateways whose own tunnel is cut (docs/paths.md). */
  readonly apart: readonly [string, string] | null
  readonly make: () => Promise<unknown>
  readonly heal: () => Promise<unknown>
  /** Whether anything was in its way. */
  readonly hit: () => Promise<boolean>
}

/**
 * One cut among those that tunnels to gateways may suffer, since of those any one is survived, and often one of a direct path beside it.
 * The same numbers choose the same cuts.
 */
export function chooseCuts({ net, sites }: SoakNet, random: () => number): Cut[] {
  const site = pick(sites, random)
  const other = pick(
    sites.filter((each) => each !== site),
    random,
  )
  const member = pick(site.members, random)
  const carrier = pick([memberLink, gatewayOff, gatewaysApart, memberOff, homeOff], random)
  const beside = pick([homesApart, lanApart, null], random)
  return [carrier(), ...(beside ? [beside()] : [])]

  function memberLink(): Cut {
    const gateway = pick([site.gateway, nextOf(site).gateway], random)
    const host = net.host(member)
    return {
      ...{ text: `no UDP between ${member} and ${gateway}`, island: [], apart: null },
      ...udp(host, () => host.cutUdp({ to: net.host(gateway) })),
    }
  }
  function gatewayOff(): Cut {
    const host = net.host(site.gateway)
    const [make, heal] = [() => host.powerOff(), () => host.powerOn()]
    const hit = async () => !host.poweredOn
    return { text: `${site.gateway} has no power`, island: [site.gateway], apart: null, make, heal, hit }
  }
  function gatewaysApart(): Cut {
    const host = net.host(site.gateway)
    return {
      text: `no UDP between ${site.gateway} and ${other.gateway}`,
      ...{ island: [], apart: [site.gateway, other.gateway] },
      ...udp(host, () => host.cutUdp({ to: net.host(other.gateway) })),
    }
  }
  function memberOff(): Cut {
    return { text: `${member} is unplugged`, island: [member], apart: null, ...line(net.host(member)) }
  }
  function homeOff(): Cut {
    return {
      text: `the line of ${site.members.join(' and ')} is cut`,
      ...{ island: site.members, apart: null },
      ...line(site.home),
    }
  }
  function homesApart(): Cut {
    return {
      ...{ text: `no UDP between the homes of ${site.members[0]} and ${other.members[0]}`, island: [], apart: null },
      ...udp(site.home, () => site.home.cutUdp({ to: other.home })),
    }
  }
  function lanApart(): Cut {
    const [one = '', two = ''] = other.members
    return {
      ...{ text: `no UDP between ${one} and ${two} in their LAN`, island: [], apart: null },
      ...udp(net.host(one), () => net.host(one).cutUdp({ to: net.host(two) })),
    }
  }
  function nextOf(each: SoakNet['sites'][number]): SoakNet['sites'][number] {
    return sites[(sites.indexOf(each) + 1) % sites.length] ?? each
  }
}

const udp = (outlet: Outlet, make: () => Promise<unknown>) => ({
  ...{ make, heal: () => outlet.healUdp() },
  hit: () => dropped(outlet),
})

const line = (outlet: Outlet) => ({
  ...{ make: () => outlet.cut(), heal: () => outlet.heal() },
  hit: () => dropped(outlet),
})

/** By the counters at the switch. */
async function dropped({ segment, port }: Outlet): Promise<boolean> {
  const rules = await segment.namespace.sh('nft list table bridge cuts')
  return rules.split('\n').some((rule) => rule.includes(`"${port}"`) && / packets [1-9]/.test(rule))
}
