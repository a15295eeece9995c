/** The engine: opens profile and archives, runs jobs, and answers the contract over any channel. No Electron in here. */
import { join } from 'node:path'
import { type ChannelClient, clientOver } from '../contract/client.ts'
import type { EventName, OutputOf } from '../contract/contract.ts'
import type { EngineSide } from '../contract/transport.ts'
import { aboutCalls } from './answers/about.ts'
import { accountCalls } from './answers/account.ts'
import { archiveCalls, archiveWatches } from './answers/archives.ts'
import { attachmentCalls } from './answers/attachments.ts'
import { attachmentTextCalls } from './answers/attachmentTexts.ts'
import { captureRuleCalls } from './answers/captureRules.ts'
import { copyCalls, copyWatches } from './answers/copies.ts'
import { jobCalls, jobWatches } from './answers/jobs.ts'
import { ledgerCalls } from './answers/ledger.ts'
import { problemCalls, problemWatches } from './answers/problems.ts'
import { profileCalls } from './answers/profile.ts'
import { readingCalls, readingWatches } from './answers/reading.ts'
import { restoreCalls } from './answers/restore.ts'
import { searchCalls } from './answers/search.ts'
import { searchesCalls } from './answers/searches.ts'
import { signInCalls } from './answers/signIn.ts'
import { createArchives } from './archives.ts'
import { createAttachmentReading } from './attachmentReading.ts'
import { type Clock, systemClock } from './base/clock.ts'
import { createConditions } from './base/conditions.ts'
import { createEmitter } from './base/emitter.ts'
import { createLogFile } from './base/logFile.ts'
import type { EngineContext } from './context.ts'
import { createCopies } from './copies.ts'
import { createJobHistory } from './jobHistory.ts'
import { createRunner } from './jobs/runner.ts'
import type { PasswordCost } from './keys/kdf.ts'
import { localChannel } from './localChannel.ts'
import { createProblems } from './problems.ts'
import { createProfiles } from './profiles.ts'
import { type Answers, type Events, serve } from './serve.ts'
import { keepSession } from './session.ts'
import { createSignIns } from './signIn.ts'
import { createWatches } from './watches.ts'

export interface Engine {
  /** For callers in this process. */
  client: ChannelClient
  /** Answers everything that comes through this channel until it closes. */
  serve(channel: EngineSide): void
  /** Cancels what runs, closes every archive, forgets every key. */
  close(): Promise<void>
}

export interface EngineOptions {
  profileDir: string
  /** How it is run, for engine.about: utilityProcess, child_process, in-process. */
  transport: string
  clock?: Clock
  /** Watch every archive whose person wants it, from the unlocking on: for the app, which stays. */
  watch?: boolean
  /** What a guess at a new profile's password costs, where that is not what everybody has: tests make it cheap. */
  passwordCost?: PasswordCost
}

export function createEngine({ profileDir, transport, clock = systemClock, watch = false, passwordCost }: EngineOptions): Engine {
  const log = createLogFile(join(profileDir, 'log', 'engine.log'), { clock })
  const profiles = createProfiles(profileDir, { clock, log: log.line, ...(passwordCost && { cost: passwordCost }) })
  const runner = createRunner({ clock, log: log.line })
  const conditions = createConditions()
  const signIns = createSignIns({ profiles, clock, log: log.line })
  const archives = createArchives({ profiles, runner, clock, conditions, signIns, log: log.line })
  const watches = createWatches({ archives, runner, profiles, automatic: watch, log: log.line })
  const copies = createCopies({ archives, runner, profiles, watches, clock, automatic: watch, log: log.line })
  const history = createJobHistory({ runner, profiles, clock, log: log.line })
  const problems = createProblems({ archives, runner, profiles, clock, log: log.line })
  const attachmentReading = createAttachmentReading({ archives, runner, clock, automatic: watch, log: log.line })
  const context: EngineContext = {
    clock,
    transport,
    profiles,
    archives,
    runner,
    watches,
    problems,
    copies,
    history,
    attachmentReading,
    signIns,
    log: log.line,
  }
  const answers: Answers = {
    calls: {
      ...aboutCalls(context),
      ...profileCalls(context),
      ...archiveCalls(context),
      ...ledgerCalls(context),
      ...problemCalls(context),
      ...accountCalls(context),
      ...signInCalls(context),
      ...captureRuleCalls(context),
      ...readingCalls(context),
      ...attachmentCalls(context),
      ...attachmentTextCalls(context),
      ...searchCalls(context),
      ...searchesCalls(context),
      ...jobCalls(context),
      ...restoreCalls(context),
      ...copyCalls(context),
    },
    watches: { ...archiveWatches(context), ...readingWatches(context), ...jobWatches(context), ...problemWatches(context), ...copyWatches(context) },
  }
  const events = createEvents()
  archives.onCommit((archive, messages) => events.emit('archive.changed', { archive, messages }))

  const serveOne = (channel: EngineSide) => {
    serve(keepSession(channel, context), answers, events)
  }
  const local = localChannel()
  serve(local.engine, answers, events)

  return {
    client: clientOver(local.client),
    serve: serveOne,
    close: async () => {
      copies.close()
      signIns.close()
      problems.close()
      await archives.close(null)
      await history.close()
      await profiles.lock()
      local.client.close()
    },
  }
}

function createEvents(): Events {
  const emitter = createEmitter<{ name: EventName; value: unknown }>()
  return {
    emit: <N extends EventName>(name: N, value: OutputOf<N>) => emitter.emit({ name, value }),
    subscribe: listener => emitter.subscribe(({ name, value }) => listener(name, value)),
  }
}
