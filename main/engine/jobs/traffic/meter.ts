/** What came over one connection, for the traffic of its account. */
import type { Traffic } from './traffic.ts'

export interface Meter {
  /** Bytes since this was asked last. */
  came(): number
  /** Listings and answers, which nobody can know beforehand. */
  countTalk(): void
}

export function createMeter(session: { received(): number }, traffic: Traffic): Meter {
  let counted = session.received()
  const came = () => {
    const all = session.received()
    const since = all - counted
    counted = all
    return since
  }
  return { came, countTalk: () => traffic.used(came()) }
}
