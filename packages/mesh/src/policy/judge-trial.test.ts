import { describe, expect, test } from 'vitest'
import { judgeTrial, type NodeOnTrial, type WatchedNode } from './judge-trial.ts'

const START = 1_790_000_000_000
const at = (seconds: number) => START + seconds * 1000
const quick = { startedAt: START, deadlineAt: at(60), needsConfirm: false }
const asked = { startedAt: START, deadlineAt: at(300), needsConfirm: true }

const node = (name: string, wasReady = false): WatchedNode => ({ id: name, name, wasReady })
const well = (over: Partial<NodeOnTrial> = {}): NodeOnTrial => ({
  says: { state: 'on', at: at(2) },
  reportedAt: at(14),
  tunnels: { isUp: true, evidenceAt: at(14), sentence: '1 of 1 alive' },
  kube: null,
  ...over,
})
/** Heard a moment before 60 s. */
const heard = (over: Partial<NodeOnTrial> = {}) => well({ reportedAt: at(59), ...over })
const known = (...nodes: [string, NodeOnTrial][]) => new Map(nodes)
const next = (trial: typeof quick, nodes: [string, NodeOnTrial][], seconds: number, ready = false) =>
  judgeTrial(
    trial,
    nodes.map(([name]) => node(name, ready)),
    known(...nodes),
    at(seconds),
  )

describe('a trial', () => {
  test.each<{ it: string; over: Partial<NodeOnTrial>; want: 'wait' | 'confirm' }>([
    { it: 'of a machine that is well', over: {}, want: 'confirm' },
    { it: 'that it has not heard of', over: { says: null }, want: 'wait' },
    { it: 'that it has begun a moment ago', over: { says: { state: 'on', at: at(10) } }, want: 'wait' },
    { it: 'from which it was not heard again', over: { reportedAt: at(2) }, want: 'wait' },
    {
      it: 'under which no tunnel was heard',
      over: { tunnels: { isUp: true, evidenceAt: at(1), sentence: '' } },
      want: 'wait',
    },
    {
      it: 'under which its tunnel died',
      over: { tunnels: { isUp: false, evidenceAt: at(9), sentence: '' } },
      want: 'wait',
    },
  ])('$it: $want, and returns where it still is so after 60 s', ({ over, want }) => {
    expect(
      next(
        quick,
        [
          ['a', well()],
          ['b', well(over)],
        ],
        15,
      ).next,
    ).toBe(want)
    const late = next(
      quick,
      [
        ['a', heard()],
        ['b', heard(over)],
      ],
      60,
    ).next
    // Ten seconds have passed since a begin of a moment ago.
    expect(late).toBe(want === 'confirm' || over.says?.at === at(10) ? 'confirm' : 'return')
  })

  test('is not held up by who is gone', () =>
    expect(judgeTrial(quick, [node('a'), node('gone')], known(['a', well()]), at(15)).next).toBe('confirm'))

  test('of a machine that fell silent under it is a return', () =>
    expect(next(quick, [['a', well({ reportedAt: at(14) })]], 60)).toMatchObject({
      next: 'return',
      reason: 'a runs them, and has not been heard for 46 s. So all went back to the rules before.',
    }))

  test('of nobody any more is confirmed', () =>
    expect(judgeTrial(quick, [node('gone')], known(), at(1)).next).toBe('confirm'))

  test('ends at once where one went back', () => {
    const { next: end, reason } = next(
      asked,
      [
        ['a', well()],
        ['b', well({ says: { state: 'returned', at: at(4) } })],
      ],
      5,
    )
    expect([end, reason]).toEqual(['return', 'b could not keep the rules and went back to those before.'])
  })

  test('says in its own words why one went back', () => {
    const says = { state: 'returned', at: at(4), why: 'nft refused the rules.' } as const
    expect(next(quick, [['b', well({ says })]], 5).reason).toBe(
      'b could not keep the rules and went back to those before: nft refused the rules.',
    )
  })

  test('names one who is not well, and counts the others', () => {
    const { reason } = next(
      quick,
      [
        ['a', well({ says: null })],
        ['b', well({ says: null })],
        ['c', heard()],
      ],
      60,
    )
    expect(reason).toBe(
      'a has not said that it runs the rules on trial, and 1 more. So all went back to the rules before.',
    )
  })

  test.each([14, 59])('with a person asked waits for them, after %i s', (seconds) => {
    const verdict = next(asked, [['a', well({ reportedAt: at(seconds - 1) })]], seconds)
    expect(verdict).toMatchObject({ next: 'wait', allWell: true })
  })

  test('with a person asked returns after 60 s all the same where one is not well', () =>
    expect(next(asked, [['a', well({ says: null })]], 60).next).toBe('return'))

  test('that nobody confirmed returns', () => {
    expect(next(asked, [['a', well({ reportedAt: at(290) })]], 299).next).toBe('wait')
    expect(next(asked, [['a', well({ reportedAt: at(290) })]], 300)).toMatchObject({
      next: 'return',
      reason: expect.stringMatching(/^Nobody/),
    })
  })

  test('whose time was over long ago was missed by the server, and is never confirmed', () =>
    expect(next(quick, [['a', well()]], 76)).toMatchObject({ next: 'return', reason: expect.stringMatching(/away/) }))
})

describe('where a machine was Ready in Kubernetes', () => {
  const kube = (isReady: boolean, seen: number, heardSince: number | null = seen - 12) => ({
    ...{
      isReady,
      seenAt: at(seen),
      heardSince: heardSince === null ? null : at(heardSince),
      reason: 'NodeStatusUnknown',
    },
  })
  const judged = (over: Partial<NodeOnTrial>, seconds: number) => next(quick, [['a', heard(over)]], seconds, true)

  test('it is judged at the end, however well it is before', () => {
    expect(judged({ kube: kube(true, 14) }, 30)).toMatchObject({ next: 'wait', allWell: false })
    expect(judged({ kube: kube(true, 58) }, 60).next).toBe('confirm')
  })
  test('not Ready any more is a return', () =>
    expect(judged({ kube: kube(false, 58) }, 60)).toMatchObject({
      next: 'return',
      reason: expect.stringMatching(/^a was Ready in Kubernetes and is not: NodeStatusUnknown\./),
    }))
  test('what its servers told before is no word on it', () =>
    expect(judged({ kube: kube(true, 1) }, 60)).toMatchObject({
      next: 'return',
      reason: expect.stringMatching(/^a has not been seen by a server of its cluster since\./),
    }))
  test('one that Kubernetes has not given up yet, and does not hear any more, is a return', () =>
    expect(judged({ kube: kube(true, 58, 11) }, 60)).toMatchObject({
      next: 'return',
      reason: expect.stringMatching(/^a is not heard by Kubernetes any more: /),
    }))
  test('what it said before the last machine had the rules counts for nothing', () => {
    const nodes: [string, NodeOnTrial][] = [
      ['agent', heard({ kube: kube(true, 58, 20) })],
      ['server', heard({ kube: kube(true, 58), says: { state: 'on', at: at(25) } })],
    ]
    expect(next(quick, nodes, 60, true)).toMatchObject({
      next: 'return',
      reason: expect.stringMatching(/^agent is not/),
    })
  })
  test('servers of before tell nothing of it, and are believed', () =>
    expect(judged({ kube: kube(true, 58, null) }, 60).next).toBe('confirm'))
})
