/** The form of a restore: what is chosen, and what becomes of it. */
import type { RestoreRequest, RestoreScope } from '../../main/contract/restore.ts'
import type { ArchiveSummary } from '../../main/contract/types.ts'
import { type AccountDraft, draftOf, settingsOf } from '../dialogs/accountForm.ts'
import type { RestorePreset } from '../state/view.ts'

export interface RestoreDraft {
  which: RestoreScope['which']
  /** 'whole', 'search', 'loss', 'messages', or a mailbox's number. */
  from: string
  /** Days as the field gives them, '' for none. */
  since: string
  until: string
  /** 'own', 'server', or another archive's id. */
  to: string
  prefix: string
  server: AccountDraft
  adopt: boolean
}

const isImap = ({ account }: ArchiveSummary) => account?.protocol === 'imap'

export function newDraft(archive: ArchiveSummary, preset: RestorePreset): RestoreDraft {
  const from = beginning(preset)
  return {
    which: preset.which,
    from,
    since: '',
    until: '',
    to: isImap(archive) ? 'own' : 'server',
    prefix: '',
    server: draftOf(undefined),
    adopt: false,
  }
}

function beginning({ messages, query, loss, mailbox }: RestorePreset): string {
  if (messages !== undefined) return 'messages'
  if (query !== undefined) return 'search'
  return loss !== undefined ? 'loss' : (mailbox?.toString() ?? 'whole')
}

/** Archives, other than this, to whose account something can be put. */
export const otherTargets = (archive: ArchiveSummary, archives: readonly ArchiveSummary[]) =>
  archives.filter(one => one.id !== archive.id && isImap(one))
export const hasOwnTarget = isImap

/** Which messages are chosen, wherever they shall go. */
export function scopeOf(draft: RestoreDraft, preset: RestorePreset): RestoreScope {
  const since = dayOf(draft.since)
  const until = dayOf(draft.until)
  return {
    ...(/^\d+$/.test(draft.from) && { mailboxes: [Number(draft.from)] }),
    ...(draft.from === 'messages' && preset.messages !== undefined && { messages: [...preset.messages] }),
    ...(draft.from === 'search' && preset.query !== undefined && { query: preset.query }),
    ...(draft.from === 'loss' && preset.loss !== undefined && { loss: preset.loss }),
    ...(since !== null && { since: since.getTime() }),
    ...(until !== null && { until: new Date(until.getFullYear(), until.getMonth(), until.getDate() + 1).getTime() }),
    which: draft.which,
  }
}

/** Null while something is missing. */
export function requestOf(archive: string, draft: RestoreDraft, preset: RestorePreset): RestoreRequest | null {
  const target = targetOf(draft)
  if (!target) return null
  const scope = scopeOf(draft, preset)
  const prefix = draft.prefix.trim()
  return { archive, scope, target, ...(prefix !== '' && { prefix }) }
}

function targetOf({ to, server }: RestoreDraft): RestoreRequest['target'] | null {
  if (to === 'own') return { kind: 'own' }
  if (to !== 'server') return { kind: 'archive', archive: to }
  const settings = settingsOf(server)
  return settings && server.password !== '' ? { kind: 'server', settings, password: server.password } : null
}

/** Midnight of that day, here. */
function dayOf(text: string): Date | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  return match && new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3]))
}
