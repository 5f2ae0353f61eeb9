import { expect, test } from 'vitest'
import { activityCsv } from './activity-csv.ts'
import type { EventRow } from './activity-row.tsx'

const row: EventRow = {
  id: '1',
  at: '2026-01-02T03:04:05.000Z',
  actorKind: 'person',
  actorName: 'ada@example.com',
  action: 'node.update',
  subjectKind: 'node',
  subjectId: 'n1',
  subjectName: 'home-1',
  networkId: 'net',
  before: { name: 'home "one"' },
  after: { name: 'home-1' },
  address: null,
}

test('an event is a line; commas and quotes stay inside their cell', () => {
  expect(activityCsv([row]).split('\r\n')).toEqual([
    'at,actorKind,actorName,action,subjectKind,subjectName,subjectId,networkId,before,after,address',
    '2026-01-02T03:04:05.000Z,person,ada@example.com,node.update,node,home-1,n1,net,"{""name"":""home \\""one\\""""}","{""name"":""home-1""}",',
    '',
  ])
})

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx'])('%j is text to a spreadsheet, no formula', (actorName) => {
  expect(activityCsv([{ ...row, actorName }])).toContain(`,'${actorName},`)
})
