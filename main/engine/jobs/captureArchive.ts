/** Capture of one archive of the profile: from its account, or, for the sample mailbox, from the server inside this program. */
import type { AccountSettings } from '../../contract/types.ts'
import type { Archives } from '../archives.ts'
import { startSampleServer } from '../demo/sampleServer.ts'
import { connectImap } from '../mail/imap/connect.ts'
import { capture } from './capture.ts'
import type { JobContext } from './types.ts'

export async function captureArchive(archives: Archives, id: string, job: JobContext): Promise<void> {
  const { demo } = await archives.summary(id)
  const { store } = await archives.open(id)
  if (!demo) {
    const { settings, password } = await archives.account(id)
    return capture({ store: await store(), connect: connectImap, settings, password }, job)
  }
  const server = await startSampleServer()
  try {
    const { host, port, user, password } = server
    const settings: AccountSettings = { protocol: 'imap', host, port, user, security: 'plain' }
    await capture({ store: await store(), connect: connectImap, settings, password }, job)
  } finally {
    await server.close()
  }
}
