/** Takes a listener off again. */
export type Off = () => void

/** A set of listeners. One that throws does not keep the others from hearing. */
export class Listeners<A extends unknown[]> {
  private readonly set = new Set<(...args: A) => void>()

  get size(): number {
    return this.set.size
  }

  add(fn: (...args: A) => void): Off {
    this.set.add(fn)
    return () => this.set.delete(fn)
  }

  /** Calls those that are there now: who is added meanwhile hears the next, who is taken off meanwhile hears no more. */
  emit(...args: A): void {
    for (const fn of [...this.set]) if (this.set.has(fn)) call(fn, ...args)
  }
}

/** Adds a listener to those of one name. */
export function addTo<A extends unknown[]>(named: Map<string, Listeners<A>>, name: string, fn: (...args: A) => void): Off {
  let set = named.get(name)
  if (!set) named.set(name, (set = new Listeners()))
  return set.add(fn)
}

/** Calls fn; what it throws surfaces as an uncaught error instead of breaking the caller. */
export function call<A extends unknown[]>(fn: (...args: A) => void, ...args: A): void {
  try {
    fn(...args)
  } catch (err) {
    queueMicrotask(() => {
      throw err
    })
  }
}
