import { AbortRollout, AbortRolloutOutput, abortRollout } from '@spanwire/control/cluster/abort-rollout'
import { CreateCluster, CreateClusterOutput, createCluster } from '@spanwire/control/cluster/create-cluster'
import { DeleteCluster, DeleteClusterOutput, deleteCluster } from '@spanwire/control/cluster/delete-cluster'
import {
  DownloadKubeconfig,
  DownloadKubeconfigOutput,
  downloadKubeconfig,
} from '@spanwire/control/cluster/download-kubeconfig'
import { ForgetPassword, ForgetPasswordOutput, forgetPassword } from '@spanwire/control/cluster/forget-password'
import { GetCluster, GetClusterOutput, getCluster } from '@spanwire/control/cluster/get-cluster'
import { JudgeServer, JudgeServerOutput, judgeServer } from '@spanwire/control/cluster/judge-server'
import { KubeconfigState, KubeconfigStateOutput, kubeconfigState } from '@spanwire/control/cluster/kubeconfig-state'
import {
  PreviewClusterNodeRemoval,
  PreviewClusterNodeRemovalOutput,
  previewClusterNodeRemoval,
} from '@spanwire/control/cluster/preview-cluster-node-removal'
import {
  PreviewClusterUpdate,
  PreviewClusterUpdateOutput,
  previewClusterUpdate,
} from '@spanwire/control/cluster/preview-cluster-update'
import { ProposeCluster, ProposeClusterOutput, proposeCluster } from '@spanwire/control/cluster/propose-cluster'
import {
  RemoveClusterNode,
  RemoveClusterNodeOutput,
  removeClusterNode,
} from '@spanwire/control/cluster/remove-cluster-node'
import {
  RepeatRemovalStep,
  RepeatRemovalStepOutput,
  repeatRemovalStep,
} from '@spanwire/control/cluster/repeat-removal-step'
import {
  RequestKubeconfig,
  RequestKubeconfigOutput,
  requestKubeconfig,
} from '@spanwire/control/cluster/request-kubeconfig'
import { ResumeRollout, ResumeRolloutOutput, resumeRollout } from '@spanwire/control/cluster/resume-rollout'
import { SetClusterNode, SetClusterNodeOutput, setClusterNode } from '@spanwire/control/cluster/set-cluster-node'
import { SkipRemovalStep, SkipRemovalStepOutput, skipRemovalStep } from '@spanwire/control/cluster/skip-removal-step'
import { UpdateCluster, UpdateClusterOutput, updateCluster } from '@spanwire/control/cluster/update-cluster'
import { procedure, rest, router } from './procedure.ts'

export const cluster = router({
  propose: procedure('viewer')
    .meta(
      rest(
        'POST',
        '/networks/{networkId}/cluster-proposal',
        'Ranges and settings that meet nothing known; with settings: what stands in their way',
        { tag: 'clusters' },
      ),
    )
    .input(ProposeCluster)
    .output(ProposeClusterOutput)
    .query(({ ctx, input }) => proposeCluster(ctx.control, input)),
  get: procedure('viewer')
    .meta(
      rest('GET', '/networks/{networkId}/cluster', 'The cluster of a network, null when it has none', {
        tag: 'clusters',
      }),
    )
    .input(GetCluster)
    .output(GetClusterOutput)
    .query(({ ctx, input }) => getCluster(ctx.control, input)),
  create: procedure('admin')
    .meta(rest('POST', '/networks/{networkId}/cluster', 'Make a cluster on a network', { tag: 'clusters' }))
    .input(CreateCluster)
    .output(CreateClusterOutput)
    .mutation(({ ctx, input }) => createCluster(ctx.control, input)),
  previewUpdate: procedure('viewer')
    .meta(
      rest(
        'POST',
        '/networks/{networkId}/cluster-update-preview',
        'What a change of settings changes on which node, in the order of the rollout',
        { tag: 'clusters' },
      ),
    )
    .input(PreviewClusterUpdate)
    .output(PreviewClusterUpdateOutput)
    .query(({ ctx, input }) => previewClusterUpdate(ctx.control, input)),
  update: procedure('admin')
    .meta(
      rest('PATCH', '/networks/{networkId}/cluster', 'Change its settings; nodes get them one after the other', {
        tag: 'clusters',
      }),
    )
    .input(UpdateCluster)
    .output(UpdateClusterOutput)
    .mutation(({ ctx, input }) => updateCluster(ctx.control, input)),
  resumeRollout: procedure('admin')
    .meta(
      rest('POST', '/networks/{networkId}/cluster-rollout/resume', 'Go on with a change that stopped', {
        tag: 'clusters',
      }),
    )
    .input(ResumeRollout)
    .output(ResumeRolloutOutput)
    .mutation(({ ctx, input }) => resumeRollout(ctx.control, input)),
  abortRollout: procedure('admin')
    .meta(
      rest(
        'POST',
        '/networks/{networkId}/cluster-rollout/abort',
        'Call a change off: those that have it go back, one after the other',
        { tag: 'clusters' },
      ),
    )
    .input(AbortRollout)
    .output(AbortRolloutOutput)
    .mutation(({ ctx, input }) => abortRollout(ctx.control, input)),
  delete: procedure('admin')
    .meta(
      rest(
        'DELETE',
        '/networks/{networkId}/cluster',
        'Forget the cluster; confirmName repeats its name. Machines keep k3s',
        { tag: 'clusters' },
      ),
    )
    .input(DeleteCluster)
    .output(DeleteClusterOutput)
    .mutation(({ ctx, input }) => deleteCluster(ctx.control, input)),
  setNode: procedure('operator')
    .meta(
      rest(
        'POST',
        '/cluster-nodes/{nodeId}',
        'What a node is in the cluster: server, agent, or null for the network only',
        { tag: 'clusters' },
      ),
    )
    .input(SetClusterNode)
    .output(SetClusterNodeOutput)
    .mutation(({ ctx, input }) => setClusterNode(ctx.control, input)),
  serverVerdict: procedure('viewer')
    .meta(
      rest(
        'GET',
        '/cluster-nodes/{nodeId}/server-verdict',
        'Whether it may be a further server, by measured round trip and loss',
        { tag: 'clusters' },
      ),
    )
    .input(JudgeServer)
    .output(JudgeServerOutput)
    .query(({ ctx, input }) => judgeServer(ctx.control, input)),
  previewRemoveNode: procedure('viewer')
    .meta(
      rest('GET', '/cluster-nodes/{nodeId}/removal-preview', 'What taking it out of the cluster would cut', {
        tag: 'clusters',
      }),
    )
    .input(PreviewClusterNodeRemoval)
    .output(PreviewClusterNodeRemovalOutput)
    .query(({ ctx, input }) => previewClusterNodeRemoval(ctx.control, input)),
  removeNode: procedure('operator')
    .meta(
      rest(
        'POST',
        '/cluster-nodes/{nodeId}/remove',
        'Cordon, drain, delete, forget its password, take k3s off; with leaveNetwork off the network too',
        { tag: 'clusters' },
      ),
    )
    .input(RemoveClusterNode)
    .output(RemoveClusterNodeOutput)
    .mutation(({ ctx, input }) => removeClusterNode(ctx.control, input)),
  repeatRemovalStep: procedure('operator')
    .meta(
      rest('POST', '/cluster-nodes/{nodeId}/repeat-step', 'Ask once more for a step of its removal that failed', {
        tag: 'clusters',
      }),
    )
    .input(RepeatRemovalStep)
    .output(RepeatRemovalStepOutput)
    .mutation(({ ctx, input }) => repeatRemovalStep(ctx.control, input)),
  skipRemovalStep: procedure('operator')
    .meta(
      rest('POST', '/cluster-nodes/{nodeId}/skip-step', 'Leave out a step of its removal that cannot succeed', {
        tag: 'clusters',
      }),
    )
    .input(SkipRemovalStep)
    .output(SkipRemovalStepOutput)
    .mutation(({ ctx, input }) => skipRemovalStep(ctx.control, input)),
  forgetPassword: procedure('operator')
    .meta(
      rest(
        'POST',
        '/cluster-nodes/{nodeId}/forget-password',
        'Let a machine that was imaged anew take the name of the old one',
        { tag: 'clusters' },
      ),
    )
    .input(ForgetPassword)
    .output(ForgetPasswordOutput)
    .mutation(({ ctx, input }) => forgetPassword(ctx.control, input)),
  requestKubeconfig: procedure('viewer')
    .meta(
      rest('POST', '/networks/{networkId}/kubeconfig', 'Ask a server to sign a certificate for oneself', {
        tag: 'clusters',
      }),
    )
    .input(RequestKubeconfig)
    .output(RequestKubeconfigOutput)
    .mutation(({ ctx, input }) => requestKubeconfig(ctx.control, input)),
  kubeconfigState: procedure('viewer')
    .meta(rest('GET', '/kubeconfigs/{id}', 'How far it is', { tag: 'clusters' }))
    .input(KubeconfigState)
    .output(KubeconfigStateOutput)
    .query(({ ctx, input }) => kubeconfigState(ctx.control, input)),
  downloadKubeconfig: procedure('viewer')
    .meta(
      rest('POST', '/kubeconfigs/{id}/download', 'What a kubeconfig needs beside the private key; once', {
        tag: 'clusters',
      }),
    )
    .input(DownloadKubeconfig)
    .output(DownloadKubeconfigOutput)
    .mutation(({ ctx, input }) => downloadKubeconfig(ctx.control, input)),
})
