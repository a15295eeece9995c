/**
 * What survives a crash of the engine: the shell keeps, in its memory alone, the key of the open profile and the captures under way,
 * and gives them back to the next engine. A sample without a profile is not kept; its folder is temporary.
 */
import { z } from 'zod'
import { toPlainError } from '../contract/errors.ts'
import type { EngineSide } from '../contract/transport.ts'
import { startCapture } from './answers/jobs.ts'
import type { EngineContext } from './context.ts'
import { isEnded } from './jobs/runner.ts'

const stateSchema = z.object({ profileKey: z.string().regex(/^[0-9a-f]{64}$/), captures: z.array(z.string()) })

/**
 * Tells the shell each change; takes back what an earlier engine told it. Returns the channel for everything else: what comes while the
 * session is being taken back waits for it, or the windows' watches would find their archives locked.
 */
export function keepSession(channel: EngineSide, context: EngineContext): EngineSide {
  const { profiles, runner, log } = context
  let told = ''
  const tell = async () => {
    const profile = await profiles.current()
    const captures = runner.list().flatMap(job => (job.kind === 'capture' && !isEnded(job) && job.archive ? [job.archive] : []))
    const state =
      profile.status().unlocked && !profiles.temporary ? JSON.stringify({ profileKey: Buffer.from(profile.key()).toString('hex'), captures }) : ''
    if (state === told) return
    told = state
    channel.send({ type: 'session', state })
  }
  const tellSafely = () => void tell().catch(error => log(`session: ${toPlainError(error).code}`))
  const ends = [profiles.onChange(tellSafely), runner.subscribe(tellSafely)]
  channel.onClose(() => {
    for (const end of ends) end()
  })

  let restoring: Promise<void> | null = null
  channel.onMessage(message => {
    if (message.type !== 'session' || message.state === '') return
    restoring = restore(context, message.state)
      .catch(error => log(`session not restored: ${toPlainError(error).code}`))
      .finally(() => {
        restoring = null
      })
  })
  return {
    ...channel,
    onMessage: listener =>
      channel.onMessage(message => {
        if (restoring) void restoring.then(() => listener(message))
        else listener(message)
      }),
  }
}

async function restore(context: EngineContext, state: string): Promise<void> {
  const { profileKey, captures } = stateSchema.parse(JSON.parse(state))
  const profile = await context.profiles.current()
  await profile.unlock({ profileKey: new Uint8Array(Buffer.from(profileKey, 'hex')) })
  context.profiles.changed()
  for (const archive of captures) await startCapture(context, archive, true)
}
