/** A file of its own, so that its script is one of its own. */
export { Modal as DialogModal } from '@mantine/core'
