/** How a restore ended, in one line. */
import type { Job } from '../../main/contract/types.ts'
import type { Text } from '../text/text.ts'

export function restoredLine({ outcomes, result }: Job, { t, plural }: Text): string {
  const verified = Number(result['verified'] ?? 0)
  const proof =
    verified === 0 ? [] : result['verify'] === 'all' && !result['changed'] ? [t('restore.provenAll')] : [plural('restore.provenSome', verified)]
  return [
    plural('restore.put', outcomes.added),
    ...(outcomes.unchanged > 0 ? [plural('restore.unchanged', outcomes.unchanged)] : []),
    ...proof,
    ...(result['adopted'] ? [t('restore.adopted')] : []),
    ...failed(outcomes, plural),
  ].join(' · ')
}

export function plannedLine({ result }: Job, { plural }: Text): string {
  const [add, there] = [Number(result['add'] ?? 0), Number(result['there'] ?? 0)]
  return [plural('restore.willAdd', add), plural('restore.there', there)].join(' · ')
}

export function undoneLine({ outcomes, result }: Job, { plural }: Text): string {
  const left = Number(result['left'] ?? 0)
  return [plural('restore.removed', Number(result['removed'] ?? 0)), ...(left > 0 ? [plural('restore.left', left)] : failed(outcomes, plural))].join(
    ' · ',
  )
}

const failed = ({ failed }: Job['outcomes'], plural: Text['plural']) => (failed > 0 ? [plural('count.failures', failed)] : [])
