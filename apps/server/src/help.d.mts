export const settingsTable: { name: string; standard: string; meaning: string }[]
export function help(): string
