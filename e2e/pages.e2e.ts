import { visitPages } from './visit-pages.ts'

visitPages('networks')
