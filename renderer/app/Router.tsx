import { useEffect, useState } from 'react'
import type { EngineState } from '../../main/contract/shell.ts'
import type { ProfileStatus } from '../../main/contract/types.ts'
import { Dialogs } from '../dialogs/Dialogs.tsx'
import { MainScreen } from '../screens/MainScreen.tsx'
import { UnlockScreen } from '../screens/UnlockScreen.tsx'
import { WelcomeScreen } from '../screens/WelcomeScreen.tsx'
import { useProfile } from '../state/useProfile.ts'
import { useWatch } from '../state/useWatch.ts'
import { view } from '../state/view.ts'
import { EngineWait } from './EngineWait.tsx'

/** Which screen: by what exists and what is open. Profile and archives are the engine's; nothing of it is kept here. */
export function Router({ engine }: { engine: EngineState | undefined }) {
  const profile = useProfile(engine)
  const archives = useWatch('archives', {})
  const [lockedByHand, setLockedByHand] = useState(false)
  const { status, reload } = profile
  const locked = status?.exists === true && !status.unlocked
  const some = archives !== undefined && archives.length > 0

  // The sample mailbox brings a profile of its own, and takes it away again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when the first archive comes and when the last one goes
  useEffect(reload, [some])
  useEffect(() => {
    if (locked) view.closeDialog()
  }, [locked])

  if (engine?.state === 'failed' || !status || !archives) return <EngineWait engine={engine} error={profile.error} onRetry={reload} />
  if (locked) return <UnlockScreen profile={status} automatic={!lockedByHand} onChange={profile.set} />
  const onLocked = (next: ProfileStatus) => {
    setLockedByHand(true)
    profile.set(next)
  }
  return (
    <>
      {some ? <MainScreen profile={status} archives={archives} onLocked={onLocked} /> : <WelcomeScreen />}
      <Dialogs profile={status} archives={archives} onProfile={profile.set} />
    </>
  )
}
