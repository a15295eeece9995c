/** What this engine is made of. */
import type { EngineContext } from '../context.ts'
import { sqliteVersion } from '../index/sqlite.ts'
import { codecName } from '../log/codec.ts'
import type { CallAnswers } from '../serve.ts'
import { version } from '../version.ts'

export function aboutCalls({ transport }: EngineContext): Pick<CallAnswers, 'engine.about'> {
  return {
    'engine.about': () => ({ version, transport, node: process.versions.node, sqlite: sqliteVersion(), codec: codecName }),
  }
}
