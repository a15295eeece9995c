/** Where a profile is when nobody says otherwise: the same place for the window and for the command line. */

/**
 * @param env MAILCOFFER_PROFILE, XDG_DATA_HOME and LOCALAPPDATA are read from it.
 * @returns an absolute path; the folder need not exist.
 */
export function defaultProfileDir(platform: string, env: Readonly<Record<string, string | undefined>>, home: string): string {
  if (env['MAILCOFFER_PROFILE']) return env['MAILCOFFER_PROFILE']
  if (platform === 'win32') return `${env['LOCALAPPDATA'] ?? `${home}\\AppData\\Local`}\\Mailcoffer`
  if (platform === 'darwin') return `${home}/Library/Application Support/Mailcoffer`
  return `${env['XDG_DATA_HOME'] || `${home}/.local/share`}/mailcoffer`
}
