import { ListenHints, listenHints } from '@spanwire/control/member/listen-hints'
import { procedure, router, translatedStream } from './procedure.ts'

/** Server-sent events for the console: each says that something changed, never what; the page asks for it again. */
export const live = router({
  hints: procedure('viewer')
    .input(ListenHints)
    .subscription(({ ctx, input, path, signal }) =>
      translatedStream(ctx, path, listenHints(ctx.control, input, signal)),
    ),
})
