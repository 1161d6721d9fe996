import type { WebSocketMaker } from '@sandlot/client'
import { keep } from '../keep'
import { isPerfect, parse, perfect, type Link } from './link'
import { BadSocket } from './socket'

/** The network that this tab pretends to have: for who builds games and wants to feel a bad one. */
class Network {
  text = ''
  seed = 1
  link: Readonly<Link> = perfect
  private readonly sockets = new Set<BadSocket>()
  private made = 0

  constructor() {
    try {
      this.set(keep.net.text, keep.net.seed)
    } catch {
      keep.net = { text: '', seed: 1 }
    }
  }

  get on(): boolean {
    return !isPerfect(this.link)
  }

  /** From now on, for what is connected and what will be. Throws an Error that says what of the text cannot be read. */
  set(text: string, seed: number): void {
    this.link = parse(text)
    this.text = text.trim()
    this.seed = seed >>> 0
    this.made = 0
    keep.net = { text: this.text, seed: this.seed }
    for (const socket of this.sockets) socket.adopt(this.link, this.next())
  }

  /** Breaks every connection now, as a lost network does. */
  cut(): void {
    for (const socket of this.sockets) socket.break()
  }

  private next(): number {
    return this.seed * 1000 + this.made++
  }

  /** What a Client is given in place of WebSocket. */
  get socket(): WebSocketMaker {
    const network = this
    return class extends BadSocket {
      constructor(url: string, protocols?: string | string[]) {
        super(url, protocols, network.link, network.next(), () => network.sockets.delete(this))
        network.sockets.add(this)
      }
    }
  }
}

export const network = new Network()
