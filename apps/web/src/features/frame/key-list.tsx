'use client'

import { byKeys, useAllCommands } from '~/ui/commands.tsx'
import { Dialog } from '~/ui/dialog.tsx'
import classes from './key-list.module.css'

export function KeyList({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const all = useAllCommands()
  const commands = all.filter((command) => command.keys && byKeys(all, command.keys) === command)
  const groups = [...new Set(commands.map((command) => command.group))]
  return (
    <Dialog opened={opened} onClose={onClose} title="Keys" size="sm">
      <dl className={classes.list}>
        <Row label="Search everything" keys={['Ctrl', 'K']} />
      </dl>
      {groups.map((group) => (
        <section key={group}>
          <h3 className={classes.group}>{group}</h3>
          <dl className={classes.list}>
            {commands
              .filter((command) => command.group === group)
              .map(({ id, label, keys }) => (
                <Row key={id} label={label} keys={keys?.split(' ') ?? []} />
              ))}
          </dl>
        </section>
      ))}
    </Dialog>
  )
}

function Row({ label, keys }: { label: string; keys: string[] }) {
  return (
    <div className={classes.row}>
      <dt>{label}</dt>
      <dd>
        {keys.map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </dd>
    </div>
  )
}
