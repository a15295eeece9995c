import { parseDate } from '@internationalized/date'
import { CalendarDays, ChevronLeft, ChevronRight } from 'lucide-react'
import { Button } from 'react-aria-components/Button'
import { Calendar, CalendarCell, CalendarGrid, CalendarGridBody, CalendarGridHeader, CalendarHeaderCell } from 'react-aria-components/Calendar'
import { DateInput, DateSegment } from 'react-aria-components/DateField'
import { DatePicker } from 'react-aria-components/DatePicker'
import { Dialog } from 'react-aria-components/Dialog'
import { Group } from 'react-aria-components/Group'
import { Heading } from 'react-aria-components/Heading'
import { Label } from 'react-aria-components/Label'
import { Popover } from 'react-aria-components/Popover'
import './dayField.css'
import './field.css'

interface Props {
  label: string
  /** "2024-05-31", or '' for none. */
  value: string
  onChange(value: string): void
}

/** A day, typed or chosen from a calendar, in the window's language: the browser's own field only speaks the system's. */
export function DayField({ label, value, onChange }: Props) {
  return (
    <DatePicker className="field" value={value === '' ? null : parseDate(value)} onChange={day => onChange(day?.toString() ?? '')}>
      <Label className="label">{label}</Label>
      <Group className="input day">
        <DateInput className="day-parts">{part => <DateSegment segment={part} className="day-part" />}</DateInput>
        <Button className="day-open">
          <CalendarDays className="icon" size={15} aria-hidden="true" />
        </Button>
      </Group>
      <Popover className="menu-popover" placement="bottom end">
        <Dialog className="calendar">
          <Calendar>
            <header className="calendar-head">
              <Button slot="previous" className="day-open">
                <ChevronLeft className="icon" size={16} aria-hidden="true" />
              </Button>
              <Heading className="calendar-month" />
              <Button slot="next" className="day-open">
                <ChevronRight className="icon" size={16} aria-hidden="true" />
              </Button>
            </header>
            <CalendarGrid className="calendar-days" weekdayStyle="short">
              <CalendarGridHeader>{day => <CalendarHeaderCell className="calendar-weekday">{day}</CalendarHeaderCell>}</CalendarGridHeader>
              <CalendarGridBody>{date => <CalendarCell date={date} className="calendar-day num" />}</CalendarGridBody>
            </CalendarGrid>
          </Calendar>
        </Dialog>
      </Popover>
    </DatePicker>
  )
}
