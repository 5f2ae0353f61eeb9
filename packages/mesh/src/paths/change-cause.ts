/** Why a node changed a way, as it says it itself, and for people. */
export const CHANGE_CAUSES = {
  plan: 'because the plan changed',
  boot: 'since its script began',
  dead: 'because the way before was dead',
  better: 'because a better way was well for a while',
} as const
export type ChangeCause = keyof typeof CHANGE_CAUSES
