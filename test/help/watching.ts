/** A watch over a scripted server, on a clock that stands still until a test moves it: for what happens when a computer sleeps, a server falls silent, and hours pass. */
import { expect } from 'vitest'
import type { Job } from '../../main/contract/types.ts'
import { capture } from '../../main/engine/jobs/capture/capture.ts'
import { createRunner, type Runner } from '../../main/engine/jobs/runner.ts'
import { watchArchive } from '../../main/engine/jobs/watch/watch.ts'
import { connectImap } from '../../main/engine/mail/imap/connect.ts'
import { type TestArchive, testArchive } from './captures.ts'
import { type ManualClock, manualClock } from './manualClock.ts'
import { type ScriptedImap, type ScriptOptions, startScriptedImap } from './scriptedImap.ts'

export interface Watching {
  server: ScriptedImap
  archive: TestArchive
  clock: ManualClock
  runner: Runner
  job: Job
  /** When each round began that proved everything complete. */
  proven: number[]
  /** A person asks for a look now. */
  ask(): void
  rounds(): number
  /** UIDs placed so far, in order. */
  placed(): Promise<number[]>
  /** Moves the clock on in steps of a second, so that whatever waits sees the time pass. */
  pass(ms: number): Promise<void>
  close(): Promise<void>
}

export const WATCH_INTERVAL = 60_000

export async function startWatching(options: ScriptOptions, { listening = true } = {}): Promise<Watching> {
  const server = await startScriptedImap(options)
  const archive = await testArchive()
  const clock = manualClock()
  const runner = createRunner({ clock, log: () => {} })
  const proven: number[] = []
  let ask = () => {}
  const { host, port, user, password } = server
  const job = runner.start({
    kind: 'watch',
    archive: 'a'.repeat(32),
    patient: false,
    run: context =>
      watchArchive(
        {
          capture: async ({ connect = connectImap, onSaved }, ctx) => {
            const store = {
              ...archive.store,
              save: async (...args: Parameters<typeof archive.store.save>) => {
                await archive.store.save(...args)
                onSaved(args[1])
              },
            }
            let complete = true
            const failed: typeof ctx.failed = (...what) => {
              complete = false
              ctx.failed(...what)
            }
            await capture({ store, connect, settings: { protocol: 'imap', host, port, user, security: 'plain' }, password }, { ...ctx, failed })
            return complete
          },
          mailboxes: async () => archive.store.index.mailboxes(),
          connect: listening ? connectImap : null,
          intervalMs: WATCH_INTERVAL,
          onAsk: listener => {
            ask = listener
            return () => {}
          },
          onProven: async at => void proven.push(at),
        },
        context,
      ),
  })
  const watching: Watching = {
    server,
    archive,
    clock,
    runner,
    job,
    proven,
    ask: () => ask(),
    rounds: () => Number(job.result['rounds'] ?? 0),
    placed: async () => (await archive.factsOf('placed')).map(({ uid }) => uid),
    pass: async ms => {
      for (let left = ms; left > 0; left -= 1000) {
        await clock.advance(Math.min(1000, left))
        await new Promise(resolve => setTimeout(resolve, 1))
      }
    },
    close: async () => {
      await runner.stop(null)
      await server.close()
      await archive.close()
    },
  }
  return watching
}

/** Waits in real time: for what a server and a disk do. */
export const eventually: (ask: () => unknown) => ReturnType<typeof expect.poll> = ask => expect.poll(ask, { interval: 5, timeout: 5000 })
