import { ChevronRight, FolderOpen, type LucideIcon, PackagePlus, Sparkles } from 'lucide-react'
import { Button } from 'react-aria-components/Button'
import type { Job } from '../../main/contract/types.ts'
import { fractionOf, isOver, progressLine } from '../jobs/jobText.ts'
import { useDoors } from '../state/engine.ts'
import { useAction } from '../state/useAction.ts'
import { useShortcuts } from '../state/useShortcuts.ts'
import { useText } from '../state/useText.ts'
import { useWatch } from '../state/useWatch.ts'
import { view } from '../state/view.ts'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { LanguageMenu } from '../ui/LanguageMenu.tsx'
import { Mark } from '../ui/Mark.tsx'
import { Progress } from '../ui/Progress.tsx'
import './welcome.css'

/** The first thing a person sees: three ways in. */
export function WelcomeScreen() {
  const text = useText()
  const { t } = text
  const { engine } = useDoors()
  const demo = useWatch('jobs', {})?.find(job => job.kind === 'demo')
  const start = useAction(async () => {
    await engine.call('job.demo', {})
  })
  const running = start.busy || (demo !== undefined && !isOver(demo))
  const failed = start.error ?? (demo?.state === 'failed' ? demo.error : undefined)
  useShortcuts({ demo: () => void start.run() })

  return (
    <main className="welcome">
      <div className="welcome-card">
        <Mark size={60} />
        <h1>{t('welcome.title')}</h1>
        <p className="welcome-lead">{t('welcome.lead')}</p>
        {running ? (
          <DemoProgress job={demo} title={t('welcome.demoRunning')} note={t('welcome.demoNote')} line={demo ? progressLine(demo, text) : ''} />
        ) : (
          <div className="choices">
            <Choice
              icon={PackagePlus}
              title={t('welcome.create')}
              hint={t('welcome.createHint')}
              onPress={() => view.openDialog({ name: 'create' })}
              main
            />
            <Choice icon={FolderOpen} title={t('welcome.open')} hint={t('welcome.openHint')} onPress={() => view.openDialog({ name: 'open' })} />
            <Choice icon={Sparkles} title={t('welcome.demo')} hint={t('welcome.demoHint')} onPress={() => void start.run()} />
          </div>
        )}
        {failed && <ErrorNote error={failed} text={text} />}
      </div>
      <LanguageMenu />
    </main>
  )
}

interface ChoiceProps {
  icon: LucideIcon
  title: string
  hint: string
  main?: boolean
  onPress(): void
}

function Choice({ icon: Icon, title, hint, main, onPress }: ChoiceProps) {
  return (
    <Button className="choice" data-main={main || undefined} onPress={onPress}>
      <span className="choice-icon">
        <Icon className="icon" size={19} aria-hidden="true" />
      </span>
      <span className="choice-text">
        <b>{title}</b>
        <small>{hint}</small>
      </span>
      <ChevronRight className="icon choice-go" size={17} aria-hidden="true" />
    </Button>
  )
}

function DemoProgress({ job, title, note, line }: { job: Job | undefined; title: string; note: string; line: string }) {
  return (
    <div className="welcome-demo" role="status">
      <b>{title}</b>
      <Progress label={title} fraction={job ? fractionOf(job) : null} />
      <span className="num">{line}&nbsp;</span>
      <p>{note}</p>
    </div>
  )
}
