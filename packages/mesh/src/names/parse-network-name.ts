import { err, type Result } from '../result.ts'
import { type LabelFault, parseDnsLabel } from './dns-label.ts'

export type NetworkNameFault =
  | LabelFault
  | { readonly kind: 'reserved'; readonly message: string; readonly suggestion: string }

/** A network's name stands in the console's addresses, `/networks/NAME`, beside the page that makes one. */
export function parseNetworkName(text: string): Result<string, NetworkNameFault> {
  if (text === 'new') {
    const message = '"new" is the address of the page that makes a network; try "network-new"'
    return err({ kind: 'reserved', message, suggestion: 'network-new' })
  }
  return parseDnsLabel(text, 'network name')
}
