import { Search, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Button } from 'react-aria-components/Button'
import { Input } from 'react-aria-components/Input'
import { SearchField } from 'react-aria-components/SearchField'
import './searchBox.css'

/** Typing rests this long before a question goes out. */
const TYPING_MS = 150

interface Props {
  value: string
  label: string
  placeholder: string
  onChange(value: string): void
}

export function SearchBox({ value, label, placeholder, onChange }: Props) {
  const [typed, setTyped] = useState(value)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const sent = useRef(value)

  // Another place was chosen, which empties the search.
  useEffect(() => {
    if (value === sent.current) return
    clearTimeout(timer.current)
    sent.current = value
    setTyped(value)
  }, [value])
  useEffect(() => () => clearTimeout(timer.current), [])

  const send = (next: string) => {
    sent.current = next
    onChange(next)
  }
  return (
    <SearchField
      aria-label={label}
      className="search"
      value={typed}
      onChange={next => {
        setTyped(next)
        clearTimeout(timer.current)
        if (next === '') send(next)
        else timer.current = setTimeout(() => send(next), TYPING_MS)
      }}
      onSubmit={next => {
        clearTimeout(timer.current)
        send(next)
      }}
    >
      <Search className="icon" size={15} aria-hidden="true" />
      <Input className="search-input" placeholder={placeholder} data-search="true" />
      <Button className="search-clear">
        <X className="icon" size={13} aria-hidden="true" />
      </Button>
    </SearchField>
  )
}
