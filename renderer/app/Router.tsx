import type { EngineState } from '../../main/contract/shell.ts'
import { MainScreen } from '../screens/MainScreen.tsx'
import { UnlockScreen } from '../screens/UnlockScreen.tsx'
import { WelcomeScreen } from '../screens/WelcomeScreen.tsx'
import { useProfile } from '../state/useProfile.ts'
import { useWatch } from '../state/useWatch.ts'
import { EngineWait } from './EngineWait.tsx'

/** Which screen: by what exists and what is open. Profile and archives are the engine's; nothing of it is kept here. */
export function Router({ engine }: { engine: EngineState | undefined }) {
  const profile = useProfile(engine)
  const archives = useWatch('archives', {})

  if (engine?.state === 'failed' || !profile.status || !archives) return <EngineWait engine={engine} error={profile.error} onRetry={profile.reload} />
  if (profile.status.exists && !profile.status.unlocked) return <UnlockScreen profile={profile.status} onChange={profile.set} />
  if (archives.length === 0) return <WelcomeScreen profile={profile.status} onProfile={profile.set} />
  return <MainScreen profile={profile.status} archives={archives} onProfile={profile.set} />
}
