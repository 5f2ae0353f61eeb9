/**
 * Direct paths that did not come about, or went. Gateways carry for them, so they are neither trouble nor counted among the tunnels that
 * should be alive; wherever tunnels are counted, these words stand beside the count.
 */
export function missedDirect(paths: number): string {
  return paths === 1
    ? '1 direct path is not alive, gateways carry for it'
    : `${paths} direct paths are not alive, gateways carry for them`
}
