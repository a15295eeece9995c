import { useEffect, useState } from 'react'
import type { ShellOutput } from '../../main/contract/shell.ts'
import { useDoors } from './engine.ts'

/** Whether this computer has a keychain worth the name; undefined until the shell has said. */
export function useKeychain(): ShellOutput<'keychain.status'> | undefined {
  const { shell } = useDoors()
  const [status, setStatus] = useState<ShellOutput<'keychain.status'>>()
  useEffect(() => {
    let there = true
    shell.call('keychain.status', {}).then(
      value => there && setStatus(value),
      // Without an answer there is no keychain to offer.
      () => there && setStatus({ available: false, stored: false, backend: '' }),
    )
    return () => {
      there = false
    }
  }, [shell])
  return status
}
