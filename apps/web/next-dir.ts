/** Where the console's Next project stands: apps/server mounts it from here. */
export const nextDir = import.meta.dirname
