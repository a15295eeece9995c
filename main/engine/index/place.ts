/** Where in the log a record is. */
import type { Place } from '../log/types.ts'
import type { AnyDb } from './connection.ts'

export function createPlaceReader(db: AnyDb): (id: Buffer) => Place | null {
  const read = db.prepare<[Buffer], Place>('SELECT segment, offset, length FROM records WHERE id = ? AND segment IS NOT NULL')
  return id => read.get(id) ?? null
}
