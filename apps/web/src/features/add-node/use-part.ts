'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import { useClusterRoles } from '~/trpc/use-cluster-roles.ts'
import { type ClusterPart, type PartFaults, partFaults, partInput, partOf } from '~/ui/cluster-part.ts'
import { errorWords } from '~/ui/error-words.ts'

/** As the rest of the form: after the last key, and before a hand reaches the copy button. */
const SETTLE_MS = 400

/** What the machine is to be in the cluster, saved as it is chosen. `kept`: what "Add another" brought along. */
export function usePart(network: string, nodeId: string, nodeName: string, kept: ClusterPart | null) {
  const trpc = useTRPC()
  const cache = useQueryClient()
  const { mutateAsync } = useMutation(trpc.cluster.setNode.mutationOptions())
  const [edited, setEdited] = useState<ClusterPart | null>(kept)
  const [refused, setRefused] = useState<PartFaults>({})
  const [busy, setBusy] = useState(false)
  const { own, ...roles } = useClusterRoles(network, nodeId, edited?.role ?? null)
  const stored = partOf(own)
  const part = edited ?? stored
  const ownFaults = partFaults(part)
  const wanted = JSON.stringify(partInput(part, nodeName))
  const isSaved = wanted === JSON.stringify(partInput(stored, own?.kubernetesName ?? nodeName))
  const isWrong = Object.keys(ownFaults).length > 0
  const asked = useRef('')

  const save = useCallback(
    async (input: string) => {
      setBusy(true)
      try {
        await mutateAsync({ nodeId, ...JSON.parse(input) })
        setRefused({})
      } catch (error) {
        const { text, fix } = errorWords(error)
        setRefused({ [fieldOf(error)]: fix ? `${text} ${fix}` : text })
      }
      await cache.invalidateQueries({ queryKey: trpc.cluster.get.queryKey({ networkId: network }) })
      void cache.invalidateQueries({ queryKey: trpc.node.ledger.queryKey({ id: nodeId }) })
      setBusy(false)
    },
    [mutateAsync, nodeId, cache, trpc, network],
  )

  const due = edited !== null && !isSaved && !isWrong && !busy
  useEffect(() => {
    // What was refused is not asked for again until it is changed.
    if (!due || asked.current === wanted) return
    const timer = setTimeout(() => {
      asked.current = wanted
      void save(wanted)
    }, SETTLE_MS)
    return () => clearTimeout(timer)
  }, [due, wanted, save])

  const faults = { ...refused, ...ownFaults }
  return {
    ...roles,
    part,
    set: (change: Partial<ClusterPart>) => {
      setRefused({})
      asked.current = ''
      setEdited({ ...part, ...change })
    },
    faults,
    saving: busy || (edited !== null && !isSaved && Object.keys(faults).length === 0),
    /** why the line must not be pasted as this stands */
    whyNot: firstOf(faults),
  }
}

export type PartForm = ReturnType<typeof usePart>

function firstOf(faults: PartFaults): string | null {
  const [fault] = Object.values(faults)
  return fault ? `Not saved yet. ${fault}` : null
}

function fieldOf(error: unknown): keyof ClusterPart {
  const { data } = error as { data?: { field?: string | null } }
  const fields: (keyof ClusterPart)[] = ['role', 'kubernetesName', 'labels', 'taints']
  return fields.find((field) => field === data?.field) ?? 'role'
}
