/** Putting messages back on a server: planned, done, taken back, remembered. */

import { AppError } from '../../contract/errors.ts'
import type { RestorePlan, RestoreRecord, RestoreRequest, RestoreTarget } from '../../contract/restore.ts'
import type { Cursor, Job } from '../../contract/types.ts'
import type { EngineContext } from '../context.ts'
import { type JournalState, type Journals, journalsOf } from '../jobs/restore/journal.ts'
import { planRestore } from '../jobs/restore/plan.ts'
import { lineFor, type RestoreDeps, restore } from '../jobs/restore/restore.ts'
import { withTakenBack } from '../jobs/restore/takenBack.ts'
import { openRestoreTerms } from '../jobs/restore/terms.ts'
import { accountKey, accountName, type RestoreInto, type RestoreSource } from '../jobs/restore/types.ts'
import { undoRestore } from '../jobs/restore/undo.ts'
import { placed } from '../jobs/restore/verify.ts'
import { isEnded } from '../jobs/runner.ts'
import type { JobContext, LongJobContext } from '../jobs/types.ts'
import type { RecordId } from '../log/types.ts'
import { connectWriter } from '../mail/imap/write/writer.ts'
import { connectionsFor, recognise } from '../mail/provider.ts'
import type { Secret } from '../mail/secret.ts'
import type { CallAnswers } from '../serve.ts'
import { startCapture } from './jobs.ts'
import { searchCalls } from './search.ts'

export type RestoreCalls = 'job.restorePlan' | 'job.restore' | 'job.undoRestore' | 'restore.planned' | 'restores'

const PAGE = 500

export function restoreCalls(context: EngineContext): Pick<CallAnswers, RestoreCalls> {
  const { runner, archives, profiles, watches } = context
  const journals = async (): Promise<Journals> => journalsOf(await profiles.current())
  const depsOf = async (
    { archive, scope, target, prefix = '' }: RestoreRequest,
    verify: RestoreDeps['verify'],
  ): Promise<Omit<RestoreDeps, 'connect' | 'terms'>> => {
    const before = await journals()
    return {
      source: withTakenBack(await sourceOf(context, archive), await before.list()),
      ...(await intoOf(context, archive, target)),
      order: { scope, prefix },
      journals: before,
      verify,
    }
  }
  /** One after the other for an archive: two at a time would each put in what the other is about to. */
  const inTurn = async (archive: string) => {
    for (;;) {
      const other = runner.list().find(job => (job.kind === 'restore' || job.kind === 'undoRestore') && job.archive === archive && !isEnded(job))
      if (!other) return
      await runner.wait(other.id)
    }
  }

  return {
    'job.restorePlan': async request => {
      const before = runner.list().find(job => job.kind === 'restorePlan' && job.archive === request.archive && !isEnded(job))
      if (before) {
        runner.cancel(before.id)
        await runner.wait(before.id)
      }
      const details: { plan: RestorePlan | null } = { plan: null }
      return runner.start({
        kind: 'restorePlan',
        archive: request.archive,
        patient: false,
        details,
        run: async job => {
          job.result({ dryRun: true })
          const deps = await depsOf(request, null)
          details.plan = await onTerms(context, deps, job, terms => planOf({ ...deps, ...terms }, job))
          const { add, there, tooBig, bytes } = details.plan
          job.result({ add, there, tooBig, bytes })
        },
      })
    },
    'restore.planned': ({ job }) => {
      const { plan } = (runner.details(job) ?? {}) as { plan?: RestorePlan | null }
      if (!plan) throw new AppError('not-found', 'no plan was made', { facts: { what: `plan of job ${job}` } })
      return plan
    },
    'job.restore': async ({ verify, adopt, ...request }) => {
      if (adopt && request.target.kind !== 'server') throw new AppError('invalid-input', 'only a server that was given can become the account')
      await inTurn(request.archive)
      return runner.start({
        kind: 'restore',
        archive: request.archive,
        patient: true,
        run: async job => {
          const deps = await depsOf(request, verify ?? null)
          // After a pause, what could not be done is found out anew.
          afresh(runner.list(), request.archive, job)
          const failedBefore = failures(runner.list(), request.archive)
          await onTerms(context, deps, job, terms => restore({ ...deps, ...terms }, job))
          if (adopt && request.target.kind === 'server' && failures(runner.list(), request.archive) === failedBefore) {
            await archives.setAccount(request.archive, deps.into.settings, request.target.password)
            await watches.restart(request.archive)
            job.result({ adopted: true })
          }
          // What was put back is a place of a message that is stored already: a capture writes that down.
          const captured = adopt ? request.archive : deps.account
          if (captured !== null) await startCapture(context, captured, false)
        },
      })
    },
    'job.undoRestore': async ({ restore: id, password }) => {
      const all = await (await journals()).list()
      const state = all.find(one => one.id === id)
      if (!state) throw new AppError('not-found', `no restore ${id}`, { facts: { what: `restore ${id}` } })
      const { archive, settings, account } = state.begun
      await inTurn(archive)
      return runner.start({
        kind: 'undoRestore',
        archive,
        patient: true,
        run: async job => {
          const known = password ?? (await passwordFor(context, state))
          if (known === null)
            throw new AppError('account-missing', 'the password of the account is not known here', { facts: { host: settings.host } })
          const into = { settings, password: known, own: false }
          await onTerms(context, { into, account }, job, async ({ connect }) => {
            const line = lineFor({ into, connect }, job)
            const journal = await (await journals()).open(id)
            try {
              await undoRestore({ line, journal, source: await sourceOf(context, archive) }, job)
            } finally {
              await line.close()
              await journal.close()
            }
          })
          job.result({ restore: id })
          if (account !== null) await startCapture(context, account, false)
        },
      })
    },
    restores: async ({ archive }) => {
      const all = await (await journals()).list()
      return Promise.all(all.filter(({ begun }) => !archive || begun.archive === archive).map(state => recordOf(context, state)))
    },
  }
}

/** Fewer connections than this are told apart: with more, one for a restore is among those that are left to a person's other programs. */
const FEW_CONNECTIONS = 3

/** Within the limits of the account that is written to, and with its captures making one connection less meanwhile. */
async function onTerms<T>(
  { archives, watches }: EngineContext,
  { into: { settings }, account }: Pick<RestoreDeps, 'into' | 'account'>,
  job: JobContext,
  work: (terms: Pick<RestoreDeps, 'connect' | 'terms'>) => Promise<T>,
): Promise<T> {
  const { rules, trafficFile } = await archives.careFor(settings)
  const terms = await openRestoreTerms({ rules: async () => (await archives.careFor(settings)).rules, settings, trafficFile }, job)
  const giveBack = archives.borrowConnection(settings)
  const most = rules.connections ?? connectionsFor(recognise(settings))
  const doIt = () => work({ connect: terms.writer(connectWriter), terms })
  try {
    if (account === null || most >= FEW_CONNECTIONS) return await doIt()
    if (most === 1) return await watches.without(account, doIt)
    await watches.restart(account)
    return await doIt()
  } finally {
    giveBack()
    if (account !== null && most > 1 && most < FEW_CONNECTIONS) await watches.restart(account)
    await terms.close()
  }
}

async function planOf(deps: RestoreDeps, ctx: JobContext): Promise<RestorePlan> {
  const line = lineFor(deps, ctx)
  try {
    return await planRestore({ ...deps, line, journals: await deps.journals.list(), ctx })
  } finally {
    await line.close()
  }
}

const runningRestore = (jobs: readonly Job[], archive: string) => jobs.find(job => job.kind === 'restore' && job.archive === archive && !isEnded(job))
const failures = (jobs: readonly Job[], archive: string) => runningRestore(jobs, archive)?.outcomes.failed ?? 0

function afresh(jobs: readonly Job[], archive: string, job: LongJobContext): void {
  const added = runningRestore(jobs, archive)?.outcomes.added ?? 0
  job.show({ outcomes: { added, unchanged: 0, failed: 0 }, failures: [] })
}

async function intoOf({ archives }: EngineContext, archive: string, target: RestoreTarget): Promise<{ into: RestoreInto; account: string | null }> {
  if (target.kind === 'server') return { into: imapOnly({ settings: target.settings, password: target.password, own: false }), account: null }
  const account = target.kind === 'own' ? archive : target.archive
  return { into: imapOnly({ ...(await archives.account(account)), own: account === archive }), account }
}

function imapOnly(into: RestoreInto): RestoreInto {
  if (into.settings.protocol === 'imap') return into
  throw new AppError('server-not-imap', 'nothing can be put back over POP3', { facts: { host: into.settings.host, port: into.settings.port } })
}

/** An archive as restores and exports read it. */
export async function sourceOf(context: EngineContext, archive: string): Promise<RestoreSource> {
  const open = await context.archives.open(archive)
  return {
    archive,
    mailboxes: () => open.ask('keptMailboxes', []),
    page: (mailbox, from, limit) => open.ask('keptPage', [{ mailbox, from, limit }]),
    places: ids => open.ask('keptPlaces', [ids]),
    search: query => found(context, archive, query),
    loss: async function* (loss) {
      for (let after = 0, more = true; more; ) {
        const page = await open.ask('lossMembers', [{ loss, after, limit: PAGE }])
        yield page.rows
        after = page.rows.at(-1)?.placement ?? 0
        more = page.more
      }
    },
    read: open.read,
    readMany: open.readMany,
  }
}

/** As the search window finds them, so that what a person sees is what is restored. */
async function* found(context: EngineContext, archive: string, query: string): AsyncIterable<readonly RecordId[]> {
  const search = searchCalls(context)['search.window']
  const { signal } = new AbortController()
  for (let from: Cursor | null = null, more = true; more; ) {
    const page = await search({ archives: [archive], query, from, limit: PAGE }, { signal })
    yield page.rows.map(({ id }) => id as RecordId)
    from = page.rows.at(-1)?.cursor ?? null
    more = page.after && from !== null
  }
}

/** Of an archive that has this account now. */
async function passwordFor({ archives }: EngineContext, { begun }: JournalState): Promise<Secret | null> {
  for (const { id, account } of await archives.list())
    if (account && accountKey(account) === accountKey(begun.settings)) return (await archives.account(id)).password
  return null
}

async function recordOf({ archives }: EngineContext, state: JournalState): Promise<RestoreRecord> {
  const { id, begun, ended, undo, undone } = state
  const accounts = (await archives.list()).flatMap(({ account }) => (account ? [accountKey(account)] : []))
  return {
    id,
    archive: begun.archive,
    target: accountName(begun.settings),
    prefix: begun.prefix,
    at: begun.at,
    state: undo ? 'undone' : ended ? 'done' : 'unfinished',
    endedAt: undo?.at ?? ended?.at ?? null,
    added: placed({ state }).length,
    refused: ended?.refused ?? 0,
    undone: undone.size,
    passwordKnown: accounts.includes(accountKey(begun.settings)),
  }
}
