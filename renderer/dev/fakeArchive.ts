import type { ArchiveStatus, ArchiveSummary, Job, JobKind } from '../../main/contract/types.ts'
import { ARCHIVE, mailboxes, TOTAL } from './fakeMessages.ts'

let made = 0

export function fakeJob(kind: JobKind, state: Job['state']): Job {
  const over = state === 'done' || state === 'failed' || state === 'cancelled'
  return {
    id: `job-${++made}`,
    kind,
    archive: ARCHIVE,
    state,
    pause: null,
    progress: {
      phase: kind === 'verify' ? 'verifying' : kind === 'export' ? 'writing' : 'fetching',
      done: over ? 48_210 : 12_480,
      total: 48_210,
      bytesDone: over ? 2_400_000_000 : 640_000_000,
      bytesTotal: 2_400_000_000,
      rate: over ? 0 : 812,
      byteRate: over ? 0 : 41_000_000,
      secondsLeft: over ? null : 43,
      current: over ? '' : 'Archive/2024',
    },
    outcomes: { added: over ? 48_210 : 12_480, unchanged: 0, failed: kind === 'capture' ? 2 : 0 },
    failures:
      kind === 'capture'
        ? [
            { what: 'Archive/2023 UID 17', error: { code: 'message-unavailable', message: 'NO [UNAVAILABLE]', facts: { uid: 17 } } },
            { what: 'Public/Notices', error: { code: 'mailbox-unavailable', message: 'NO permission denied', facts: { mailbox: 'Public/Notices' } } },
          ]
        : [],
    startedAt: Date.now() - 60_000 * made,
    endedAt: over ? Date.now() - 50_000 * made : null,
    result: kind === 'verify' ? { messages: 48_210, bytes: 2_400_000_000 } : {},
  }
}

export function status(archive: ArchiveSummary): ArchiveStatus {
  return {
    archive,
    messages: TOTAL,
    mailboxCount: mailboxes.length,
    rawBytes: 24_600_000_000,
    logBytes: 5_100_000_000,
    indexBytes: 498_000_000,
    unindexed: 0,
    attachmentsWaiting: 0,
    attachmentsUnread: [{ reason: 'image-only', count: 3 }],
    unparsable: 3,
    firstMessage: Date.UTC(2009, 2, 4),
    lastMessage: Date.now() - 35 * 60_000,
    lastCapture: Date.now() - 12 * 60_000,
    losses: [],
    frozen: false,
    slots: [
      { id: '01', kind: 'password', label: 'Password of this archive', role: 'owner' },
      { id: '02', kind: 'recovery', label: 'Recovery code', role: 'owner' },
      { id: '03', kind: 'profile', label: 'ada-laptop', role: 'owner' },
    ],
    mailboxes: mailboxes.map(one => ({
      id: one.id,
      name: one.name,
      epoch: one.id * 3,
      uidValidity: 1_700_000_000,
      present: one.present,
      onServer: one.present ? one.messages - one.gone : 0,
      missing: 0,
      gapCount: one.gaps,
      stored: one.messages,
      gone: one.gone,
      completeAsOf: one.gaps > 0 || !one.present ? null : Date.now() - 12 * 60_000,
      gaps: Array.from({ length: one.gaps }, (_, index) => ({
        uid: 17 + index,
        reason: 'message-unavailable',
        lastTry: Date.now() - 720_000,
        nextTry: Date.now() + 2_880_000,
      })),
    })),
  }
}
