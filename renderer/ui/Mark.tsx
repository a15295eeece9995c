/** The mark of Mailcoffer: a letter in a coffer. */
export function Mark({ size }: { size: number }) {
  return (
    <svg width={size} height={size} viewBox="4 4 56 56" aria-hidden="true" className="mark">
      <rect x="4" y="4" width="56" height="56" rx="14" fill="#0f766e" />
      <path d="M17 31V19.5a2.5 2.5 0 0 1 2.5-2.5h25a2.5 2.5 0 0 1 2.5 2.5V31" fill="#e9f6f4" />
      <path d="m18.5 18.5 13.5 10 13.5-10" fill="none" stroke="#0f766e" strokeWidth="2.6" strokeLinecap="round" strokeLinejoin="round" />
      <path d="M12.5 31h39a1.5 1.5 0 0 1 1.5 1.5V46a4 4 0 0 1-4 4H15a4 4 0 0 1-4-4V32.500a1.500 1.500 0 0 1 1.500-1.500Z" fill="#0a524c" />
      <path d="M11 36.500h42" stroke="#3aa297" strokeWidth="1.600" opacity="0.600" />
      <circle cx="32" cy="40" r="4.600" fill="#e9f6f4" />
      <path d="M32 40v5.500" stroke="#e9f6f4" strokeWidth="3" strokeLinecap="round" />
      <circle cx="32" cy="40" r="1.700" fill="#0a524c" />
    </svg>
  )
}
