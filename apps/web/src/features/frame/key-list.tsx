'use client'

import { Modal } from '@mantine/core'
import { useAllCommands } from '~/ui/commands.tsx'
import classes from './key-list.module.css'

export function KeyList({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const commands = useAllCommands().filter((command) => command.keys)
  const groups = [...new Set(commands.map((command) => command.group))]
  return (
    <Modal opened={opened} onClose={onClose} title="Keys" size="sm">
      <dl className={classes.list}>
        <div className={classes.row}>
          <dt>Search everything</dt>
          <dd>
            <kbd>Ctrl</kbd> <kbd>K</kbd>
          </dd>
        </div>
        {groups.map((group) => (
          <div key={group}>
            <div className={classes.group}>{group}</div>
            {commands
              .filter((command) => command.group === group)
              .map((command) => (
                <div key={command.id} className={classes.row}>
                  <dt>{command.label}</dt>
                  <dd>
                    {command.keys?.split(' ').map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dd>
                </div>
              ))}
          </div>
        ))}
      </dl>
    </Modal>
  )
}
