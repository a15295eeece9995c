/** The engine in this process, as the window and the command line have it, but for one thing: a new profile's password costs little to try. */
import { createEngine, type Engine, type EngineOptions } from '../../main/engine/engine.ts'

/** The least that a keyring may ask for. 0.3 s for every password adds up to minutes where no guess is to be feared. */
const PASSWORD_COST = { memory: 8 * 1024, passes: 1, lanes: 1 } as const

export function testEngine(profileDir: string, options: Partial<Omit<EngineOptions, 'profileDir'>> = {}): Engine {
  return createEngine({ profileDir, transport: 'in-process', passwordCost: PASSWORD_COST, ...options })
}
