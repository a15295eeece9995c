import { KeyRound, Laptop, type LucideIcon, ScrollText, Vault } from 'lucide-react'
import type { ArchiveStatus, ArchiveSummary, SlotKind } from '../../main/contract/types.ts'
import type { Text } from '../text/text.ts'
import { Button } from '../ui/Button.tsx'

const icons: Record<SlotKind, LucideIcon> = { password: KeyRound, recovery: ScrollText, profile: Laptop, keychain: Vault }

interface Props {
  archive: ArchiveSummary
  status: ArchiveStatus
  text: Text
  onReveal(): void
  onAccount(): void
  onRules(): void
}

/** Account, keys and place. */
export function OverviewSide({ archive, status, text, onReveal, onAccount, onRules }: Props) {
  const { t, format } = text
  const { account } = archive
  return (
    <aside className="side">
      {!archive.demo && (
        <section>
          <h2>{t('overview.account')}</h2>
          <div className="side-line">
            <span className="side-account selectable">
              {account ? (
                <>
                  {account.user}
                  <small>
                    {account.host}:{account.port} · {t(account.security === 'plain' ? 'account.unencrypted' : `account.${account.security}`)}
                  </small>
                </>
              ) : (
                t('overview.noAccount')
              )}
            </span>
            <Button onPress={onAccount}>{account ? t('overview.editAccount') : t('overview.addAccount')}</Button>
          </div>
          {account && (
            <p>
              <Button onPress={onRules}>{t('rules.open')}</Button>
            </p>
          )}
          <p className="form-note">
            {status.lastCapture === null ? t('jobs.neverCaptured') : t('jobs.lastCapture', { time: format.moment(status.lastCapture) })}
          </p>
        </section>
      )}
      <section>
        <h2>{t('overview.keys')}</h2>
        <ul>
          {status.slots.map(slot => {
            const Icon = icons[slot.kind]
            return (
              <li key={slot.id} className="side-slot">
                <Icon className="icon" size={15} aria-hidden="true" />
                <span className="clip">
                  {t(`overview.slot.${slot.kind}`)}
                  {slot.label && <small>{slot.label}</small>}
                </span>
                {slot.role === 'reader' && <span className="badge">{t('overview.role.reader')}</span>}
              </li>
            )
          })}
        </ul>
      </section>
      <section>
        <h2>{t('overview.place')}</h2>
        <p className="side-path selectable">{archive.dir}</p>
        <Button onPress={onReveal}>{t('overview.reveal')}</Button>
      </section>
    </aside>
  )
}
