/** Of all nodes, or of one site; `none` are those without. */
export function matrixInput(network: string, site: string | null): { network: string; site?: string | null } {
  return { network, ...(site !== null && { site: site === 'none' ? null : site }) }
}
