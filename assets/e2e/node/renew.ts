// Stays in a lobby with one token after the other: a program for Node, run by node.test.ts.
import { createHash, createHmac, randomUUID } from 'node:crypto'
import { connect } from '../../sdk/src/index'

const [url = '', secret = ''] = process.argv.slice(2)
const part = (v: object): string => Buffer.from(JSON.stringify(v)).toString('base64url')
let made = 0

// As the server itself signs them.
function token(): string {
  made++
  const kid = createHash('sha256').update(`sandlot key id\0${secret}`).digest('hex').slice(0, 12)
  const iat = Math.floor(Date.now() / 1000)
  const text = `${part({ alg: 'HS256', typ: 'JWT', kid })}.${part({
    iss: 'sandlot', aud: 'sandlot/player', use: 'player', sub: 'ann', name: 'Ann', jti: randomUUID(), iat, exp: iat + 16,
  })}`
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}

const client = await connect({ url, token: token(), renew: async () => token() })
const lobby = await client.createLobby('fours')
const states: string[] = []
const errors: string[] = []
lobby.on('connection', (c) => states.push(c.state))
lobby.on('error', (err) => errors.push(err.code))
// Told twice that the time ends: so its end was moved.
await new Promise<void>((resolve) => {
  const look = setInterval(() => {
    if (made < 3) return
    clearInterval(look)
    resolve()
  }, 50)
})
const known = await client.lobby(lobby.id) // with a token that is good
const guest = await connect({ url, name: 'Bob' })
const before = guest.player!.id
const { id, name } = await guest.signIn('Bobby')
console.log(JSON.stringify({ player: client.player, states, errors, found: known.id === lobby.id, same: id === before, name }))
process.exit(0)
