import { useState } from 'react'
import type { ProfileStatus } from '../../main/contract/types.ts'
import { useDoors } from '../state/engine.ts'
import { useText } from '../state/useText.ts'
import { useView, view } from '../state/view.ts'
import { languageNames, languageOrder } from '../text/text.ts'
import { Picker } from '../ui/Picker.tsx'
import { Segments } from '../ui/Segments.tsx'
import { Sheet } from '../ui/Sheet.tsx'
import { AboutSection } from './AboutSection.tsx'
import { PresenceSection } from './PresenceSection.tsx'
import { SecuritySection } from './SecuritySection.tsx'
import './settings.css'

interface Props {
  profile: ProfileStatus
  onProfile(status: ProfileStatus): void
  onClose(): void
}

type Section = 'general' | 'security' | 'about'

export function SettingsDialog({ profile, onProfile, onClose }: Props) {
  const text = useText()
  const { t } = text
  const [section, setSection] = useState<Section>('general')
  const sections: { id: Section; label: string }[] = [
    { id: 'general', label: t('settings.general') },
    { id: 'security', label: t('settings.security') },
    { id: 'about', label: t('settings.about') },
  ]
  return (
    <Sheet title={t('settings.title')} closeLabel={t('common.close')} onClose={onClose}>
      <div className="settings">
        <Segments label={t('settings.title')} options={sections} value={section} onChange={setSection} />
        <div className="settings-section">
          {section === 'general' && <GeneralSection />}
          {section === 'security' && <SecuritySection profile={profile} onProfile={onProfile} />}
          {section === 'about' && <AboutSection profile={profile} />}
        </div>
      </div>
    </Sheet>
  )
}

function GeneralSection() {
  const { t } = useText()
  const { shell } = useDoors()
  const language = useView(state => state.language)
  const theme = useView(state => state.theme)
  // The window changes at once; that the shell could not remember it is no reason to disturb.
  const remember = (saving: Promise<unknown>) => saving.catch(() => {})
  return (
    <div className="form">
      <Picker
        label={t('settings.language')}
        value={language}
        options={languageOrder.map(id => ({ id, label: languageNames[id] }))}
        onChange={next => {
          view.setLanguage(next)
          void remember(shell.call('app.setLanguage', { language: next }))
        }}
      />
      <div className="field">
        <span className="label">{t('settings.theme')}</span>
        <span>
          <Segments
            label={t('settings.theme')}
            options={[
              { id: 'system', label: t('settings.system') },
              { id: 'light', label: t('settings.light') },
              { id: 'dark', label: t('settings.dark') },
            ]}
            value={theme}
            onChange={next => {
              view.setTheme(next)
              void remember(shell.call('app.setTheme', { theme: next }))
            }}
          />
        </span>
      </div>
      <PresenceSection />
    </div>
  )
}
