import { z } from 'zod'

/** How long a person has to confirm; null: confirmed by itself once all machines are well. */
export const ConfirmSeconds = z
  .int()
  .min(60, 'Machines need a minute to be well again.')
  .max(900, 'Fifteen minutes at most.')
  .nullable()
  .default(null)
