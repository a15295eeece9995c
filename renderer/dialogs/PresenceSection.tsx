import { useEffect, useState } from 'react'
import type { Presence } from '../../main/contract/shell.ts'
import { useDoors } from '../state/engine.ts'
import { useAction } from '../state/useAction.ts'
import { useText } from '../state/useText.ts'
import { Check } from '../ui/Check.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'

/** What the app does without its window. What the system says holds, not what was asked for. */
export function PresenceSection() {
  const text = useText()
  const { t } = text
  const { shell } = useDoors()
  const [presence, setPresence] = useState<Presence>()
  const change = useAction(async (wanted: { background?: boolean; weekly?: boolean; startAtLogin?: boolean }) =>
    setPresence(await shell.call('app.setPresence', wanted)),
  )

  useEffect(() => {
    let there = true
    // Without an answer there is nothing to choose.
    shell.call('app.presence', {}).then(
      value => there && setPresence(value),
      () => {},
    )
    return () => {
      there = false
    }
  }, [shell])

  if (!presence) return null
  return (
    <div className="field presence">
      <span className="label">{t('settings.presence')}</span>
      <Check
        label={t('settings.background')}
        hint={t(presence.tray ? 'settings.backgroundHint' : 'settings.backgroundNoTray')}
        checked={presence.background}
        onChange={background => void change.run({ background })}
      />
      <Check
        label={t('standing.week.setting')}
        hint={t('standing.week.settingHint')}
        checked={presence.weekly}
        onChange={weekly => void change.run({ weekly })}
      />
      {presence.canStartAtLogin && (
        <Check
          label={t('settings.startAtLogin')}
          hint={t('settings.startAtLoginHint')}
          checked={presence.startAtLogin}
          onChange={startAtLogin => void change.run({ startAtLogin })}
        />
      )}
      {change.error && <ErrorNote error={change.error} text={text} />}
    </div>
  )
}
