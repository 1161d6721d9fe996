import type { Off } from './emitter.js'

/** A set of listeners, as Listeners are, for the file of matchmaking alone. */
export class Voices<A extends unknown[]> {
  private readonly set = new Set<(...args: A) => void>()

  add(fn: (...args: A) => void): Off {
    this.set.add(fn)
    return () => this.set.delete(fn)
  }

  /** Calls those that are there now. What one throws surfaces as an uncaught error; the others hear all the same. */
  emit(...args: A): void {
    for (const fn of [...this.set]) {
      if (!this.set.has(fn)) continue // taken off meanwhile
      try {
        fn(...args)
      } catch (err) {
        queueMicrotask(() => {
          throw err
        })
      }
    }
  }
}
