/** As many as fill two screens. */
const PAGE_ROWS = 50

/** As an address has them: missing, or several of one name, which count as missing. */
type Filters = { action?: unknown; actor?: unknown; subject?: unknown }

/** What the filters of the page ask of the server: no filter is left out, so that page and feature ask for the same. */
export function activityInput(network: string | undefined, { action, actor, subject }: Filters) {
  return {
    ...(network && { network }),
    ...(isText(action) && { action }),
    ...(isText(actor) && { actor: actor.trim() }),
    ...(isText(subject) && { subjectId: subject }),
    limit: PAGE_ROWS,
  }
}

export const activityPaging = {
  getNextPageParam: (page: { nextCursor: string | null }) => page.nextCursor,
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== ''
}
