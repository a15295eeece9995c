/** A file name for a message: the day and the subject, without what some file system forbids. The save dialog shows it; the person may change it. */
export function fileNameOf(subject: string, time: number): string {
  const day = new Date(time).toISOString().slice(0, 10)
  const slug = subject
    .normalize('NFC')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: file systems forbid them, and subjects may hold them
    .replace(/[\u0000-\u001f\u007f<>:"/\\|?*]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[. ]+$/, '')
  return `${day} ${[...slug].slice(0, 60).join('').trim() || 'message'}.eml`
}
