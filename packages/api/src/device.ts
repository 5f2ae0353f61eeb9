import {
  ConfirmDeviceFile,
  ConfirmDeviceFileOutput,
  confirmDeviceFile,
} from '@spanwire/control/device/confirm-device-file'
import { CreateDevice, CreateDeviceOutput, createDevice } from '@spanwire/control/device/create-device'
import { GetDeviceConfig, GetDeviceConfigOutput, getDeviceConfig } from '@spanwire/control/device/get-device-config'
import { ListDevices, ListDevicesOutput, listDevices } from '@spanwire/control/device/list-devices'
import { RevokeDevice, RevokeDeviceOutput, revokeDevice } from '@spanwire/control/device/revoke-device'
import { procedure, rest, router } from './procedure.ts'

export const device = router({
  list: procedure('viewer')
    .meta(rest('GET', '/networks/{networkId}/devices', 'Own devices; admins see all', { tag: 'devices' }))
    .input(ListDevices)
    .output(ListDevicesOutput)
    .query(({ ctx, input }) => listDevices(ctx.control, input)),
  create: procedure('viewer')
    .meta(rest('POST', '/networks/{networkId}/devices', 'Add a laptop or phone by its public key', { tag: 'devices' }))
    .input(CreateDevice)
    .output(CreateDeviceOutput)
    .mutation(({ ctx, input }) => createDevice(ctx.control, input)),
  config: procedure('viewer')
    .meta(rest('GET', '/devices/{id}/config', 'What its configuration file needs beside the private key'))
    .input(GetDeviceConfig)
    .output(GetDeviceConfigOutput)
    .query(({ ctx, input }) => getDeviceConfig(ctx.control, input)),
  confirmFile: procedure('viewer')
    .meta(rest('POST', '/devices/{id}/confirm-file', 'Say that its file has what its configuration says'))
    .input(ConfirmDeviceFile)
    .output(ConfirmDeviceFileOutput)
    .mutation(({ ctx, input }) => confirmDeviceFile(ctx.control, input)),
  revoke: procedure('viewer')
    .meta(rest('POST', '/devices/{id}/revoke', 'Its gateway drops it'))
    .input(RevokeDevice)
    .output(RevokeDeviceOutput)
    .mutation(({ ctx, input }) => revokeDevice(ctx.control, input)),
})
