/** How finely to draw on this machine. */
export interface Quality {
  readonly antialias: boolean
  /** Pixels of the canvas for each of the page. */
  readonly resolution: number
  /** 0: as many as the screen shows. */
  readonly maxFPS: number
}

/**
 * Asks what draws WebGL here. Without a graphics card the processor does, and it is needed for the game itself:
 * then fewer and coarser frames, so that inputs and acknowledgements are never late.
 */
export function quality(): Quality {
  if (software()) return { antialias: false, resolution: 1, maxFPS: 30 }
  return { antialias: true, resolution: sharpest(), maxFPS: 0 }
}

/** Pixels of the canvas for each of the page where there is power enough; follows zoom and screen. */
export function sharpest(): number {
  return Math.min(window.devicePixelRatio || 1, 2)
}

// A frame longer than this is one too long, in seconds; so many of the frames of a window may be.
const long = 1 / 48
const inWindow = 90
const most = 0.35

/** Watches frames, and asks for fewer pixels where the machine cannot keep up. Steps down only: quality that goes up and down is seen. */
export class Governor {
  private frames = 0
  private late = 0
  /** What is asked of the resolution, from 1 down to a half. */
  share = 1

  /** Notes a frame of `dt` seconds; true if `share` has changed. Pauses, as of a hidden tab, do not count. */
  note(dt: number): boolean {
    if (dt > 0.25) return false
    this.frames++
    if (dt > long) this.late++
    if (this.frames < inWindow) return false
    const slow = this.late / this.frames > most
    this.frames = this.late = 0
    if (!slow || this.share <= 0.5) return false
    this.share = Math.max(0.5, this.share - 0.25)
    return true
  }
}

let known: boolean | undefined

function software(): boolean {
  return (known ??= ask())
}

function ask(): boolean {
  const gl = document.createElement('canvas').getContext('webgl2')
  if (!gl) return true
  const info = gl.getExtension('WEBGL_debug_renderer_info')
  const name = String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER))
  gl.getExtension('WEBGL_lose_context')?.loseContext()
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(name)
}
