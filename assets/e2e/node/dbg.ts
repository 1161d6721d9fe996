import { connect } from '../../sdk/src/index'
const [url = ''] = process.argv.slice(2)
const ann = await connect({ url, name: 'Ann' })
const arena = await ann.createLobby('arena', { private: true, bots: true, fillTo: 3 })
const saved = arena.save()!
arena.leave()
const W = WebSocket
class L extends W { constructor(u: any, p: any) { super(u, p); console.log('dial', u, String(p[1]).slice(0, 20)); this.addEventListener('close', (e) => console.log('close', e.code, e.reason)) } }
const c2 = await connect({ url, name: 'Ann', WebSocket: L as any })
try { const l = await c2.reconnect(saved); console.log('ok', l.id, l.me, l.connection) } catch (e) { console.log('rejected', e) }
process.exit(0)
