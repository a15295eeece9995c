/** What the window says about imports. */
export const importText = {
  title: 'Import into “{{name}}”',
  lead: 'Takes mail of other programs into the archive: mbox, EML, Maildir, mailboxes of Thunderbird and Apple Mail, Outlook files (PST, OST, MSG), Google Takeout, ZIP files of these, and exports of this program. What is there already is not stored twice.',
  what: 'From',
  file: 'Add a file…',
  folder: 'Add a folder…',
  none: 'Nothing chosen yet.',
  remove: 'Leave out',
  below: 'Below this folder of the archive',
  belowHint: 'Beside an account it goes below “Imported”. Leave it empty to keep the names as they are.',
  submit: 'Import',
  menu: 'Import…',
  menuHint: 'Mail of other programs, or an export',
  there: '{{count}} there already',
}
