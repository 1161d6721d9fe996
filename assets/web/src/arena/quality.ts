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
  return { antialias: true, resolution: Math.min(window.devicePixelRatio || 1, 2), maxFPS: 0 }
}

function software(): boolean {
  const gl = document.createElement('canvas').getContext('webgl2')
  if (!gl) return true
  const info = gl.getExtension('WEBGL_debug_renderer_info')
  const name = String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER))
  gl.getExtension('WEBGL_lose_context')?.loseContext()
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(name)
}
