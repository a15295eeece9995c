/** What the answers share. */
import type { Archives } from './archives.ts'
import type { AttachmentReading } from './attachmentReading.ts'
import type { Clock } from './base/clock.ts'
import type { Copies } from './copies.ts'
import type { JobHistory } from './jobHistory.ts'
import type { Runner } from './jobs/runner.ts'
import type { Problems } from './problems.ts'
import type { Profiles } from './profiles.ts'
import type { SignIns } from './signIn.ts'
import type { Watches } from './watches.ts'

export interface EngineContext {
  clock: Clock
  transport: string
  profiles: Profiles
  archives: Archives
  runner: Runner
  watches: Watches
  problems: Problems
  copies: Copies
  history: JobHistory
  attachmentReading: AttachmentReading
  signIns: SignIns
  log(line: string): void
}
