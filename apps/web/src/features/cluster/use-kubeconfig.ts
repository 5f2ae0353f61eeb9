'use client'

import { groupOf } from '@spanwire/mesh/cluster/person-group'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTRPCClient } from '~/trpc/client.tsx'
import { saveFile } from '~/ui/save-file.ts'
import { kubeconfigText } from './kubeconfig-text.ts'

/** A server hears of the request within a second or two, and signs as fast. */
const ASK_MS = 1000

type Person = { id: string; email: string }

/**
 *   key pair here ─ request ─ a server signs ─ certificate comes once ─ file put together here, saved
 */
export function useKubeconfig(network: string, cluster: string, person: Person | null) {
  const client = useTRPCClient()
  const [progress, setProgress] = useState('')
  const left = useRef(false)
  useEffect(() => {
    left.current = false
    return () => {
      left.current = true
    }
  }, [])

  return {
    progress,
    make: useMutation({
      mutationFn: async () => {
        if (person === null) throw new Error('not signed in')
        setProgress('Making a key pair in this browser.')
        const { makeCsr } = await import('./make-csr.ts')
        const { csr, keyPem } = await makeCsr(person.email, groupOf(person.id))
        const { id, on } = await client.cluster.requestKubeconfig.mutate({ networkId: network, csr })
        setProgress(`${on} is asked to sign.`)
        await signed(id)
        const answer = await client.cluster.downloadKubeconfig.mutate({ id })
        saveFile(`${cluster}.kubeconfig.yaml`, kubeconfigText(answer, keyPem), 'application/yaml')
        return { until: answer.until, user: answer.user, server: answer.server }
      },
    }),
  }

  async function signed(id: string): Promise<void> {
    for (;;) {
      const { state, sentence } = await client.cluster.kubeconfigState.query({ id })
      if (state === 'done') return
      if (state !== 'asked') throw new NotSigned(sentence)
      setProgress(sentence)
      await new Promise((resolve) => setTimeout(resolve, ASK_MS))
      if (left.current) throw new NotSigned('The window was closed.')
    }
  }
}

/** A sentence of the server, not a failure of a request. */
export class NotSigned extends Error {}
