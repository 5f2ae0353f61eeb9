/** One interface for each relation that may carry packets of others: its AllowedIPs never move, routes do. */
export const secondName = (base: string): string => `${base}b`
export const directName = (base: string): string => `${base}d`
/** To the gateway with that number. */
export const interconnectName = (base: string, number: number): string => `${base}g${number}`
