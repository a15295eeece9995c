import { ArrowRight } from 'lucide-react'
import { useState } from 'react'
import type { Text } from '../text/text.ts'
import { Button } from '../ui/Button.tsx'
import { DayField } from '../ui/DayField.tsx'

/** A day, and the way to it. */
export function JumpField({ text: { t }, onJump }: { text: Text; onJump(time: number): void }) {
  const [day, setDay] = useState('')
  const [year, month, date] = day.split('-').map(Number)
  const time = year && year >= 1970 ? new Date(year, month! - 1, date).getTime() : null
  return (
    <form
      className="list-jump"
      onSubmit={event => {
        event.preventDefault()
        if (time !== null) onJump(time)
      }}
    >
      <DayField label={t('listing.jump')} value={day} onChange={setDay} />
      <Button type="submit" icon={ArrowRight} aria-label={t('listing.jump')} isDisabled={time === null} />
    </form>
  )
}
