import { expect, test } from 'vitest'
import { actionWords } from './action-words.ts'

test('what is done to a whole cluster and to a node on its way out of one are not the same words', () => {
  expect(actionWords('cluster.delete', 'cluster', undefined)).toEqual({
    subjectFirst: false,
    words: 'deleted the cluster',
  })
  expect(actionWords('cluster.delete', 'node', 'done')).toEqual({
    subjectFirst: true,
    words: 'was deleted from Kubernetes',
  })
})

test.each(['cordon', 'drain', 'delete', 'password', 'uninstall'])('the step %s is told with how it ended', (step) => {
  const [done, failed] = ['done', 'failed'].map((state) => actionWords(`cluster.${step}`, 'node', state))
  expect(done?.subjectFirst).toBe(true)
  expect(failed?.words).toMatch(/could not|still/)
  expect(done?.words).not.toBe(failed?.words)
})

test('an action that nobody has words for is told by its name', () =>
  expect(actionWords('rack.move', 'node', undefined).words).toBe('rack move:'))

test('how a change of a cluster went is told of the cluster', () => {
  expect(actionWords('cluster.rollout-done', 'cluster', undefined).words).toBe('has its change on all its nodes')
  expect(actionWords('cluster.rollout-stopped', 'cluster', undefined).subjectFirst).toBe(true)
})
