// Small helpers to build the page without markup strings: whatever players typed only ever becomes text.

type Child = Node | string | null | undefined | false
type Props = { [key: string]: string | number | boolean | ((ev: any) => void) | undefined }

/**
 * Makes an element. Keys that begin with "on" are listeners, true and false set or leave out an attribute, all
 * others are attributes; strings among the children are text.
 */
export function el<K extends keyof HTMLElementTagNameMap>(tag: K, props: Props = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag)
  apply(node, props)
  node.append(...children.filter((c): c is Node | string => c !== null && c !== undefined && c !== false))
  return node
}

/** The same for SVG. */
export function svg<K extends keyof SVGElementTagNameMap>(tag: K, props: Props = {}, ...children: Child[]): SVGElementTagNameMap[K] {
  const node = document.createElementNS('http://www.w3.org/2000/svg', tag)
  apply(node, props)
  node.append(...children.filter((c): c is Node | string => c !== null && c !== undefined && c !== false))
  return node
}

function apply(node: Element, props: Props): void {
  for (const [key, value] of Object.entries(props)) {
    if (typeof value === 'function') node.addEventListener(key.slice(2).toLowerCase(), value)
    else if (value === true) node.setAttribute(key, '')
    else if (value !== false && value !== undefined) node.setAttribute(key, String(value))
  }
}

/** Sets text without touching a node that says it already. */
export function say(node: Element, text: string): void {
  if (node.textContent !== text) node.textContent = text
}

/** What a view takes down when it ends. */
export class Undo {
  private list: (() => void)[] = []

  add(...offs: (() => void)[]): void {
    this.list.push(...offs)
  }

  /** Listens until the end. */
  on<T extends EventTarget>(target: T, kind: string, fn: (ev: any) => void, options?: AddEventListenerOptions): void {
    target.addEventListener(kind, fn, options)
    this.add(() => target.removeEventListener(kind, fn, options))
  }

  /** Calls fn every so many milliseconds until the end. */
  every(ms: number, fn: () => void): void {
    const timer = setInterval(fn, ms)
    this.add(() => clearInterval(timer))
  }

  run(): void {
    for (const off of this.list.splice(0).reverse()) off()
  }
}
