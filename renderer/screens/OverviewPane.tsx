import { FileOutput, HardDrive, Info, KeyRound, RefreshCw, ShieldCheck, Snowflake } from 'lucide-react'
import { useEffect } from 'react'
import type { Problem } from '../../main/contract/problems.ts'
import type { ArchiveSummary, Job, Mailbox } from '../../main/contract/types.ts'
import { CopiesSection } from '../copies/CopiesSection.tsx'
import { MailboxTable } from '../overview/MailboxTable.tsx'
import { OverviewCards } from '../overview/OverviewCards.tsx'
import { OverviewMenu } from '../overview/OverviewMenu.tsx'
import { OverviewSide } from '../overview/OverviewSide.tsx'
import { SafetyStrip } from '../overview/SafetyStrip.tsx'
import '../overview/overview.css'
import { lastNotice } from '../jobs/jobText.ts'
import { ProblemList } from '../standing/ProblemList.tsx'
import { WeekCard } from '../standing/WeekCard.tsx'
import { useDoors } from '../state/engine.ts'
import { useAction } from '../state/useAction.ts'
import { useCall } from '../state/useCall.ts'
import { useText } from '../state/useText.ts'
import { useWatch } from '../state/useWatch.ts'
import { view } from '../state/view.ts'
import { Button } from '../ui/Button.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { UnreadCard } from '../unread/UnreadCard.tsx'

interface Props {
  archive: ArchiveSummary
  mailboxes: readonly Mailbox[] | undefined
  jobs: readonly Job[]
  /** Of all archives. */
  problems: readonly Problem[]
}

/** How an archive stands: what it holds, how complete each mailbox is, what opens it, where it is. */
export function OverviewPane({ archive, mailboxes, jobs, problems }: Props) {
  const text = useText()
  const { t } = text
  const { engine, shell } = useDoors()
  // Asking opens the archive. One that could not be opened is asked again only when a person says so.
  const failed = archive.state === 'missing' || archive.state === 'problem'
  const { value: status, error, reload } = useCall('archive.status', failed ? null : { archive: archive.id })
  const again = useAction(() => engine.call('archive.status', { archive: archive.id }))
  const mine = jobs.filter(job => job.archive === archive.id)
  // Asked again when a job ends, and now and then while one runs.
  const pace = mine
    .map(job => `${job.id}${job.state}${Math.floor(job.progress.done / 2000)}${job.result['newsRound'] ?? ''}/${job.outcomes.failed}`)
    .join()
  const desktop = useAction(() => shell.call('path.reveal', { path: archive.dir }))
  const start = useAction(async (work: () => Promise<unknown>) => {
    await work()
    view.setActivity(true)
  })

  const copies = useWatch('copies', archive.state === 'open' ? { archive: archive.id } : null)
  const standing = problems.filter(problem => problem.archive === archive.id)
  const { value: week, reload: reloadWeek } = useCall('archive.week', archive.state === 'open' ? { archive: archive.id } : null)
  const retry = useAction((mailbox: number | null, uid?: number) =>
    engine.call('archive.retryGaps', { archive: archive.id, mailbox, ...(uid !== undefined && { uid }) }),
  )
  const dismiss = useAction((key: string) => engine.call('problem.dismiss', { archive: archive.id, key }))
  const watching = useAction(() => engine.call('archive.watch', { archive: archive.id, on: !archive.watch }))

  // biome-ignore lint/correctness/useExhaustiveDependencies: the jobs and the account set the pace
  useEffect(() => {
    reload()
    reloadWeek()
  }, [pace, JSON.stringify(archive.account), archive.recoveryConfirmed, JSON.stringify(standing)])

  const notice = lastNotice(mine, text)
  const open = archive.state === 'open'
  const canRetry = open && archive.writable && (archive.account !== undefined || archive.demo)
  return (
    <section className="pane-overview overview" aria-label={t('overview.label')} data-pane="reader">
      <header className="overview-head">
        <div>
          <h1 className="clip">{archive.name}</h1>
          <p className="clip">
            {archive.account ? `${archive.account.user} · ${archive.account.host}` : archive.demo ? t('demo.banner') : t('overview.noAccount')}
          </p>
        </div>
        <div className="overview-actions">
          {open && archive.writable && (archive.account || archive.demo) && (
            <Button look="primary" icon={RefreshCw} onPress={() => start.run(() => engine.call('job.capture', { archive: archive.id }))}>
              {t('overview.capture')}
            </Button>
          )}
          {open && (
            <>
              <Button icon={FileOutput} onPress={() => view.openDialog({ name: 'export', archive: archive.id, preset: {} })}>
                {t('overview.export')}
              </Button>
              <Button
                icon={ShieldCheck}
                title={t('overview.verifyHint')}
                onPress={() => start.run(() => engine.call('job.verify', { archive: archive.id, full: true }))}
              >
                {t('overview.verify')}
              </Button>
            </>
          )}
          <OverviewMenu
            text={text}
            items={[
              ...(archive.account && !archive.demo
                ? [
                    {
                      id: 'watch',
                      label: t(archive.watch ? 'watch.turnOff' : 'watch.turnOn'),
                      hint: t(archive.watch ? 'watch.turnOffHint' : 'watch.turnOnHint'),
                      run: () => void watching.run(),
                    },
                  ]
                : []),
              {
                id: 'restore',
                label: t('restore.menu'),
                hint: t('restore.menuHint'),
                disabled: !open,
                run: () => view.openDialog({ name: 'restore', archive: archive.id, preset: { which: 'gone' } }),
              },
              {
                id: 'import',
                label: t('import.menu'),
                hint: t('import.menuHint'),
                disabled: !open || !archive.writable,
                run: () => view.openDialog({ name: 'import', archive: archive.id }),
              },
              { id: 'rename', label: t('overview.rename'), run: () => view.openDialog({ name: 'rename', archive: archive.id }) },
              {
                id: 'rebuild',
                label: t('overview.rebuild'),
                hint: t('overview.rebuildHint'),
                disabled: !open || !(archive.writable || archive.copy),
                run: () => void start.run(() => engine.call('job.rebuild', { archive: archive.id })),
              },
              { id: 'close', label: t('overview.close'), run: () => view.openDialog({ name: 'close', archive: archive.id }) },
            ]}
          />
        </div>
      </header>
      <div className="overview-body">
        {(start.error ?? desktop.error ?? watching.error) && <ErrorNote error={start.error ?? desktop.error ?? watching.error} text={text} />}
        {(archive.error ?? error) && <ErrorNote error={archive.error ?? error} text={text} onRetry={failed ? again.run : reload} />}
        {status && <SafetyStrip archive={archive} status={status} copies={archive.copy ? undefined : copies} problems={standing} text={text} />}
        {open && !archive.recoveryConfirmed && !archive.demo && (
          <div className="overview-notice">
            <KeyRound className="icon" size={16} aria-hidden="true" />
            <p>{t('recovery.pending')}</p>
            <Button onPress={() => view.openDialog({ name: 'recovery', archive: archive.id })}>{t('recovery.pendingAction')}</Button>
          </div>
        )}
        {(retry.error ?? dismiss.error) && <ErrorNote error={retry.error ?? dismiss.error} text={text} />}
        <ProblemList
          problems={standing}
          text={text}
          busy={retry.busy}
          actions={{
            tryNow: problem =>
              problem.kind === 'missing' ? void retry.run(null) : void start.run(() => engine.call('job.capture', { archive: archive.id })),
            account: () => view.openDialog({ name: 'account', archive: archive.id }),
            rules: () => view.openDialog({ name: 'rules', archive: archive.id }),
            verify: () => void start.run(() => engine.call('job.verify', { archive: archive.id, full: true })),
            loss: problem => view.showLoss(archive.id, Number(problem.key.replace('loss ', ''))),
            dismiss: problem => void dismiss.run(problem.key),
          }}
        />
        {notice !== '' && (
          <div className="overview-notice">
            <Info className="icon" size={16} aria-hidden="true" />
            <p>{notice}</p>
          </div>
        )}
        {status?.frozen && (
          <p className="frozen">
            <Snowflake className="icon" size={15} aria-hidden="true" />
            {t('standing.loss.frozen')}
          </p>
        )}
        {open && archive.copy && (
          <div className="overview-notice">
            <HardDrive className="icon" size={16} aria-hidden="true" />
            <p>{t('copies.isCopy')}</p>
            <Button onPress={() => view.openDialog({ name: 'takeOver', archive: archive.id })}>{t('copies.takeOver')}</Button>
          </div>
        )}
        {open && !archive.copy && !archive.demo && <CopiesSection archive={archive} jobs={mine} />}
        {status && <OverviewCards status={status} text={text} />}
        {status && (
          <div className="overview-columns">
            {status.mailboxes.length > 0 ? (
              <MailboxTable rows={status.mailboxes} mailboxes={mailboxes} text={text} busy={retry.busy} onRetry={canRetry ? retry.run : undefined} />
            ) : (
              <div />
            )}
            <div className="overview-aside">
              <OverviewSide
                archive={archive}
                status={status}
                text={text}
                onReveal={desktop.run}
                onAccount={() => view.openDialog({ name: 'account', archive: archive.id })}
                onRules={() => view.openDialog({ name: 'rules', archive: archive.id })}
              />
              {week && <WeekCard week={week} text={text} />}
              <UnreadCard
                status={status}
                text={text}
                onShow={() => {
                  view.go(archive.id, null)
                  view.setScope('archive')
                  view.search('is:unindexed')
                }}
              />
            </div>
          </div>
        )}
      </div>
    </section>
  )
}
