/** Where the files of an export go: a folder, or one ZIP file. */
import type { Disk } from '../../base/files.ts'
import type { Workroom } from './workroom.ts'

export interface Put {
  sha256: string
  bytes: number
}

export interface Target {
  /** Folder in which the lists stand when they are whole. */
  readonly lists: string
  /** What a person is shown in the end. */
  readonly path: string
  /** Files that may be written at once. */
  readonly atOnce: number
  /** Whether this file is there already, with these bytes on the medium. */
  has(path: string, size: number, sha256: () => Promise<string>): Promise<boolean>
  /** Names in a folder, empty where it does not exist. */
  names(folder: string): Promise<string[]>
  rename(from: string, to: string): Promise<void>
  /** Parents are made. Nothing of it is left under its name when `pieces` or the disk fail. `time`: Unix ms. */
  put(path: string, pieces: AsyncIterable<Uint8Array>, time: number): Promise<Put>
  /** An empty folder. */
  folder(path: string): Promise<void>
  /** Everything is on the disk, under its name, lists and all. */
  finish(listFiles: readonly string[]): Promise<void>
  /** SHA-256 of each of these files as it stands on the medium, in this order; null where it is not there. */
  readBack(paths: AsyncIterable<string>, onBytes: (bytes: number) => void): AsyncIterable<{ path: string; sha256: string | null }>
  /** After a failure: whatever is half-done goes. */
  discard(): Promise<void>
}

export interface TargetDeps {
  disk: Disk
  room: Workroom
  /** Before each file: pauses and cancels. */
  checkpoint(): Promise<void>
}
