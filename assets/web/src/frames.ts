// Frames remembered.
const kept = 240

/** How long the frames of what is drawn take, for the overlay and for traces. Times in milliseconds. */
class Frames {
  private readonly list = new Float32Array(kept)
  private n = 0

  /** Notes the time since the frame before. */
  note(ms: number): void {
    this.list[this.n++ % kept] = ms
  }

  /** The newest frames, oldest first. */
  last(n: number): number[] {
    const have = Math.min(n, this.n, kept)
    return Array.from({ length: have }, (_, i) => this.list[(this.n - have + i) % kept]!)
  }
}

/** The frames of this page. */
export const frames = new Frames()
