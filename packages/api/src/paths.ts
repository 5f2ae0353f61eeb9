import { ExplainPath, ExplainPathOutput, explainPath } from '@spanwire/control/paths/explain-path'
import { PathHistory, PathHistoryOutput, pathHistory } from '@spanwire/control/paths/path-history'
import { PathMtu, PathMtuOutput, pathMtu } from '@spanwire/control/paths/path-mtu'
import { PathsMatrix, PathsMatrixOutput, pathsMatrix } from '@spanwire/control/paths/paths-matrix'
import { procedure, rest, router } from './procedure.ts'

export const paths = router({
  matrix: procedure('viewer')
    .meta(rest('GET', '/networks/{network}/paths', 'How all nodes reach each other, as measured', { tag: 'paths' }))
    .input(PathsMatrix)
    .output(PathsMatrixOutput)
    .query(({ ctx, input }) => pathsMatrix(ctx.control, input)),
  explain: procedure('viewer')
    .meta(
      rest('GET', '/networks/{network}/paths/{fromId}/{toId}', 'Why one node reaches another the way it does', {
        tag: 'paths',
      }),
    )
    .input(ExplainPath)
    .output(ExplainPathOutput)
    .query(({ ctx, input }) => explainPath(ctx.control, input)),
  mtu: procedure('viewer')
    .meta(
      rest('GET', '/networks/{network}/mtu', 'How large packets may be, and which way is the narrowest', {
        tag: 'paths',
      }),
    )
    .input(PathMtu)
    .output(PathMtuOutput)
    .query(({ ctx, input }) => pathMtu(ctx.control, input)),
  history: procedure('viewer')
    .meta(rest('GET', '/networks/{network}/path-changes', 'Changes of ways, the newest first', { tag: 'paths' }))
    .input(PathHistory)
    .output(PathHistoryOutput)
    .query(({ ctx, input }) => pathHistory(ctx.control, input)),
})
