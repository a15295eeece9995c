/**
 * Walks over the rows that fulfil conditions, in one direction and never back, so that "both" and "either" meet row by row without a list of all
 * matches ever being made. A walk counts in steps: from the newest a step is the row's negative, from the oldest the row itself, so that "further on"
 * is always "greater".
 */
export interface Walk {
  /** The first step of it at or behind `at`, END when there is none. `at` never gets smaller from one call to the next. */
  seek(at: number): number
  /** Whether `at` is one of its steps, where that is cheaper to say than what comes behind it; null where it is not. `at` grows here too. */
  has?(at: number): boolean | null
}

export const END = Number.POSITIVE_INFINITY

/** At most `limit` steps from `at` to `last` (both included), in order. */
export type ReadSteps = (at: number, last: number, limit: number) => number[]

// A statement runs in native code, where nothing can stop it: a long search is cut into pieces, so that the thread can be ended between them.
const MOST = 5000
const FEWEST = 16

/**
 * Reads pieces: longer ones while every step of them is used, short ones while it is asked to jump. `stands`: whether a single step is one of it, at the same
 * price wherever that is.
 */
export function pieces(read: ReadSteps, last: number, first = FEWEST, stands?: (at: number) => boolean): Walk {
  let steps: number[] = []
  let used = 0
  let at = 0
  let size = Math.min(MOST, first)
  /** What lies between the first step asked for and this one is in `steps`. */
  let known = Number.NEGATIVE_INFINITY
  let more = true
  let asked = Number.NEGATIVE_INFINITY

  return {
    ...(stands && {
      has: at => {
        if (!more || at < known || steps.length < FEWEST || passedBy(steps, at - Math.max(known, asked)) < NEAR) return null
        asked = at
        return stands(at)
      },
    }),
    seek: wanted => {
      for (;;) {
        while (at < steps.length && steps[at]! < wanted) at++
        if (at < steps.length) {
          used++
          return steps[at]!
        }
        if (!more || wanted > last) return END
        if (known > Number.NEGATIVE_INFINITY) size = used * 2 >= steps.length ? Math.min(MOST, size * 4) : sizeForJumps(steps, wanted - known)
        const from = Math.max(wanted, known)
        steps = read(from, last, size)
        at = 0
        used = 0
        more = steps.length === size
        known = more ? steps.at(-1)! + 1 : END
      }
    },
  }
}

// Beginning anew costs as much as reading some hundred steps on. So where a jump passes over few steps, the next jumps are read at once.
const NEAR = 64
const JUMPS = 64

/** How many steps a jump passes over, where they lie as close together as these. */
function passedBy(steps: readonly number[], jump: number): number {
  const span = steps.at(-1)! - steps[0]!
  return span > 0 ? Math.max(1, Math.ceil((steps.length / span) * jump)) : NEAR
}

function sizeForJumps(steps: readonly number[], jump: number): number {
  const passed = passedBy(steps, jump)
  return passed < NEAR ? Math.max(FEWEST, Math.min(MOST, JUMPS * passed)) : FEWEST
}

export function either(walks: readonly Walk[]): Walk {
  // Where each stands: one that is ahead need not be asked.
  const stand = walks.map(() => Number.NEGATIVE_INFINITY)
  return {
    has: at => {
      if (stand.every(step => step >= at)) return null
      let found = false
      for (const [i, walk] of walks.entries()) {
        const has = stand[i]! >= at ? stand[i] === at : (walk.has?.(at) ?? null)
        if (has === null) return null
        found ||= has
      }
      return found
    },
    seek: wanted => {
      let nearest = END
      walks.forEach((walk, i) => {
        if (stand[i]! < wanted) stand[i] = walk.seek(wanted)
        if (stand[i]! < nearest) nearest = stand[i]!
      })
      return nearest
    },
  }
}

export interface Both {
  walks: readonly Walk[]
  without: readonly Walk[]
  /** Asked last, of what fulfils everything else. */
  tests: readonly ((step: number) => boolean)[]
  first: number
  last: number
}

/** What is on all of these walks, on none of those, and passes the tests. */
export function both({ walks, without, tests, first, last }: Both): Walk {
  const meet = (wanted: number): number => {
    let at = wanted
    let agreed = 0
    for (let i = 0; agreed < walks.length; i = (i + 1) % walks.length) {
      const walk = walks[i]!
      const has = agreed > 0 ? (walk.has?.(at) ?? null) : null
      if (has === false) {
        at++
        agreed = 0
        continue
      }
      const step = has ? at : walk.seek(at)
      if (step > last) return END
      agreed = step === at ? agreed + 1 : 1
      at = step
    }
    return at
  }
  const fulfils = (step: number) => without.every(walk => walk.seek(step) !== step) && tests.every(test => test(step))
  return {
    has: at => {
      if (at < first || at > last) return false
      for (const walk of walks) {
        const has = walk.has?.(at) ?? null
        if (!has) return has
      }
      return fulfils(at)
    },
    seek: wanted => {
      for (let at = Math.max(wanted, first); ; ) {
        const step = meet(at)
        if (step === END) return END
        if (fulfils(step)) return step
        at = step + 1
      }
    },
  }
}
