'use client'

/** The last resort: even the layout failed, so nothing of ours is there to lean on. */
export default function GlobalError({ reset }: { error: Error; reset: () => void }) {
  return (
    <html lang="en">
      <body style={{ font: '14px/20px system-ui, sans-serif', maxWidth: 480, margin: '20vh auto', padding: 16 }}>
        <title>Spanwire</title>
        <h1 style={{ fontSize: 20 }}>The console could not be shown</h1>
        <p>Your networks run on without it: nothing was changed. Try again; if it stays, look at the server's log.</p>
        <button type="button" onClick={reset}>
          Try again
        </button>
      </body>
    </html>
  )
}
