/** The one file that spells every URL of the console. */
export const paths = {
  home: () => '/networks',
  signIn: (next?: string) =>
    next && next !== '/' && next !== '/networks' ? `/sign-in?next=${encodeURIComponent(next)}` : '/sign-in',
  setup: () => '/setup',

  networks: () => '/networks',
  newNetwork: () => '/networks/new',
  organizationActivity: () => '/activity',
  organization: (tab?: 'members' | 'api-keys') => withTab('/organization', tab),

  network: (network: string) => `/networks/${network}`,
  topology: (network: string) => `/networks/${network}/topology`,
  nodes: (network: string) => `/networks/${network}/nodes`,
  node: (network: string, node: string) => `/networks/${network}/nodes/${node}`,
  addNode: (network: string) => `/networks/${network}/add-node`,
  /** the add-node page of a node already invited: its line and its ledger */
  addNodeOf: (network: string, node: string) => `/networks/${network}/add-node?node=${node}`,
  paths: (network: string) => `/networks/${network}/paths`,
  /** why the first reaches the second the way it does */
  pathOf: (network: string, from: string, to: string, { table = false }: { table?: boolean } = {}) =>
    `/networks/${network}/paths?${table ? 'table=true&' : ''}from=${from}&to=${to}`,
  /** the row of one node */
  pathsFrom: (network: string, name: string) => `/networks/${network}/paths?q=${encodeURIComponent(name)}`,
  pathsOfSite: (network: string, site: string) => `/networks/${network}/paths?site=${site}`,
  access: (network: string, tab?: AccessTab) => withTab(`/networks/${network}/access`, tab),
  accessLine: (network: string, line: number) => `/networks/${network}/access?line=${line}`,
  /** what is changed of the policy and not saved yet */
  accessReview: (network: string) => `/networks/${network}/access?review=true`,
  cluster: (network: string) => `/networks/${network}/cluster`,
  makeCluster: (network: string) => `/networks/${network}/cluster?make=true`,
  devices: (network: string) => `/networks/${network}/devices`,
  activity: (network: string, filter: { subject?: string } = {}) =>
    `/networks/${network}/activity${filter.subject ? `?subject=${filter.subject}` : ''}`,
  networkSettings: (network: string, tab?: NetworkSettingsTab) => withTab(`/networks/${network}/settings`, tab),
}

export type AccessTab = 'policy' | 'reach' | 'versions' | 'rules'

export type NetworkSettingsTab = 'general' | 'topology' | 'sites' | 'join-keys' | 'delete'

function withTab(path: string, tab: string | undefined): string {
  return tab ? `${path}?tab=${tab}` : path
}
