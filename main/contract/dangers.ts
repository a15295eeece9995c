/** What is wrong with an attachment before anybody opens it; attachmentNames.ts says what its name tells. */
import { z } from 'zod'

export const danger = z.enum([
  /** A program, a script, or something that installs or starts one. */
  'executable',
  /** "invoice.pdf.exe": what a person reads as the type is not the last ending. */
  'double-extension',
  /** Characters that turn the direction of writing, or that cannot be seen, make the name read as another one. */
  'hidden-characters',
  /** A document that may bring programs of its own. */
  'macros',
  /** Its content is not what its name and type say. */
  'type-differs',
])
export type Danger = z.infer<typeof danger>
