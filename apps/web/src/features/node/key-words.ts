export const numbered = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`
