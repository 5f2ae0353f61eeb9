import {
  type Icon,
  IconAdjustmentsHorizontal,
  IconArrowsShuffle,
  IconDevices,
  IconHistory,
  IconServer2,
  IconShieldLock,
  IconStack2,
  IconTopologyStar3,
  IconUsers,
  IconWorld,
} from '@tabler/icons-react'
import { paths } from '~/ui/paths.ts'

/** `also`: a page without a row of its own that belongs here. */
export type NavItem = { label: string; href: string; also?: string; icon: Icon; keys: string }

/** A page stands here when it exists; nothing is announced. */
export function networkNav(network: string): NavItem[] {
  return [
    { label: 'Topology', href: paths.topology(network), icon: IconTopologyStar3, keys: 'g t' },
    { label: 'Nodes', href: paths.nodes(network), also: paths.addNode(network), icon: IconServer2, keys: 'g n' },
    { label: 'Paths', href: paths.paths(network), icon: IconArrowsShuffle, keys: 'g p' },
    { label: 'Access', href: paths.access(network), icon: IconShieldLock, keys: 'g x' },
    { label: 'Cluster', href: paths.cluster(network), icon: IconStack2, keys: 'g c' },
    { label: 'Devices', href: paths.devices(network), icon: IconDevices, keys: 'g d' },
    { label: 'Activity', href: paths.activity(network), icon: IconHistory, keys: 'g a' },
    { label: 'Settings', href: paths.networkSettings(network), icon: IconAdjustmentsHorizontal, keys: 'g s' },
  ]
}

export function organizationNav(): NavItem[] {
  return [
    { label: 'Networks', href: paths.networks(), icon: IconWorld, keys: 'g w' },
    { label: 'Activity', href: paths.organizationActivity(), icon: IconHistory, keys: 'g a' },
    { label: 'Organization', href: paths.organization(), icon: IconUsers, keys: 'g o' },
  ]
}

export function isActive(item: NavItem, pathname: string): boolean {
  return pathname === item.href || pathname === item.also || pathname.startsWith(`${item.href}/`)
}
