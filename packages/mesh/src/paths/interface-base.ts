/**
 * The name of a node's first interface. A network called `span` has `span0`; a name that ends in a number is taken as it is, so
 * that a hand-made `wg0` can be taken over in place.
 */
export const interfaceBase = (interfaceName: string): string =>
  /[0-9]$/.test(interfaceName) ? interfaceName : `${interfaceName}0`
