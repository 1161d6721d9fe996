// The largest shift, in pixels, and how fast a knock is forgotten, in knocks a second.
const largest = 14
const fades = 1.8

/** Shakes the picture after a knock, the more the harder; not at all for those who want little motion. */
export class Shake {
  private knock = 0
  private time = 0

  constructor(private readonly still: () => boolean) {}

  /** Adds a knock, from 0 to 1. */
  add(hard: number): void {
    if (!this.still()) this.knock = Math.min(1, this.knock + hard)
  }

  /** The shift of the picture now, in pixels. */
  step(dt: number): { x: number; y: number } {
    if (this.knock === 0 || this.still()) {
      this.knock = 0
      return { x: 0, y: 0 }
    }
    this.time += dt
    this.knock = Math.max(0, this.knock - dt * fades)
    // Sines that never meet again look like chance, and are smooth.
    const far = largest * this.knock * this.knock
    return { x: far * Math.sin(this.time * 61) * Math.cos(this.time * 13), y: far * Math.sin(this.time * 53 + 1) * Math.cos(this.time * 17) }
  }
}
