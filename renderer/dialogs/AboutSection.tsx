import { useEffect, useState } from 'react'
import type { ShellOutput } from '../../main/contract/shell.ts'
import type { ProfileStatus } from '../../main/contract/types.ts'
import { useDoors } from '../state/engine.ts'
import { useCall } from '../state/useCall.ts'
import { useText } from '../state/useText.ts'
import { Mark } from '../ui/Mark.tsx'

/** What runs here, for a person who asks and for one who reports a problem. */
export function AboutSection({ profile }: { profile: ProfileStatus }) {
  const { t } = useText()
  const { shell } = useDoors()
  const engine = useCall('engine.about', {}).value
  const [app, setApp] = useState<ShellOutput<'app.about'>>()
  useEffect(() => {
    // What the shell does not say stays empty.
    shell.call('app.about', {}).then(setApp, () => {})
  }, [shell])
  const lines: [string, string | undefined][] = [
    [t('settings.version'), app?.version],
    [t('settings.engine'), engine && `${engine.version} · Node ${engine.node}`],
    [t('settings.transport'), engine?.transport],
    [t('settings.database'), engine && `SQLite ${engine.sqlite}`],
    [t('settings.codec'), engine?.codec],
    [t('settings.window'), app && `Electron ${app.electron} · Chromium ${app.chromium}`],
    [t('settings.profile'), profile.dir],
  ]
  return (
    <div className="about">
      <div className="about-head">
        <Mark size={44} />
        <div>
          <h3>{t('app.name')}</h3>
          <p>{t('app.tagline')}</p>
        </div>
      </div>
      <dl className="selectable">
        {lines.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd className="num">{value ?? '…'}</dd>
          </div>
        ))}
      </dl>
      <p className="form-note">{t('settings.licence')}</p>
    </div>
  )
}
