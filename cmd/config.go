package cmd

import "time"

// Config is everything that can be set, as data: it holds no open file, no key
// and no connection. Each field's toml tag is its key in the file; the flag and
// the environment variable follow from it (auth.secret_file, --auth-secret-file,
// SANDLOT_AUTH_SECRET_FILE). The help tag is its comment in config.toml, the
// range and one tags are what Validate lets pass. Default gives the defaults.
type Config struct {
	Listen         string   `toml:"listen" help:"Address for players: the page, HTTP and WebSocket. Port 0 takes any free one."`
	AdminListen    string   `toml:"admin_listen" help:"Address for the operator: health, metrics, profiles. Anything but loopback needs admin_token."`
	AdminToken     string   `toml:"admin_token" secret:"" help:"What the admin port asks for as a bearer token. Empty: nothing, and only on loopback."`
	PublicURL      string   `toml:"public_url" help:"Where players reach the whole site, for invitations and links (https://play.example.com). Empty: worked out from the request."`
	AdvertiseURL   string   `toml:"advertise_url" help:"Where players reach this very instance, when several share one public_url. Empty: nowhere; with Redis, other instances pass their connections through."`
	PeerURL        string   `toml:"peer_url" help:"Where other instances reach this one, on the inside (http://10.0.0.5:7777). Empty: the address from which this machine reaches Redis, and the port of listen."`
	TrustedProxies []string `toml:"trusted_proxies" help:"Addresses or networks of proxies in front (10.0.0.0/8): their X-Forwarded-For says who a client is, and their X-Forwarded-Proto whether it came by https: then sockets are wss. Their Host must be the client's. From anyone else both are ignored."`
	BehindTLSProxy bool     `toml:"behind_tls_proxy" help:"A proxy in front speaks TLS to players: links become https and wss, cookies stay Secure, and plain HTTP here is no cause for a warning."`
	Origins        []string `toml:"origins" help:"Web pages on other sites that may use this server (https://example.com). The server's own pages always may; \"*\" lets every site."`
	DataDir        string   `toml:"data_dir" help:"Where the generated secret, certificates and, of an instance alone, revocations are kept. Empty: sandlot in the user's configuration directory, or ./.sandlot if there is none."`
	Instance       string   `toml:"instance" help:"This instance's name in logs and in the directory; must be unique. Empty: the host's name and a random end."`

	Log    LogConfig    `toml:"log"`
	TLS    TLSConfig    `toml:"tls"`
	Auth   AuthConfig   `toml:"auth"`
	Lobby  LobbyConfig  `toml:"lobby"`
	Queue  QueueConfig  `toml:"queue"`
	Limits LimitsConfig `toml:"limits"`
	Redis  RedisConfig  `toml:"redis"`
}

// LogConfig says what is logged and how.
type LogConfig struct {
	Level  string `toml:"level" one:"debug|info|warn|error" help:"The least that is logged: debug, info, warn or error."`
	Format string `toml:"format" one:"text|json" help:"text or json."`
}

// TLSConfig gives the public port its certificate: files, or automatic ones.
type TLSConfig struct {
	CertFile string   `toml:"cert_file" help:"Certificate chain in PEM. With key_file, the public port speaks TLS. Read anew when it changes."`
	KeyFile  string   `toml:"key_file" help:"Private key of cert_file in PEM."`
	Domains  []string `toml:"domains" help:"Get certificates for these domains by themselves (ACME, Let's Encrypt). The public port must be reachable as 443."`
	CacheDir string   `toml:"cache_dir" help:"Where automatic certificates are kept. Empty: certificates in data_dir."`
	Email    string   `toml:"email" help:"Contact for the certificate authority; may be empty."`
}

// AuthConfig says who may play.
type AuthConfig struct {
	Guests     bool          `toml:"guests" help:"Anyone gets a token for a name. Off: tokens come only from the external issuer, or from sandlot token."`
	GuestTTL   time.Duration `toml:"guest_ttl" range:"1m..24h" help:"How long a guest's token is good for."`
	Lifetime   time.Duration `toml:"lifetime" range:"1m..8760h" help:"The longest life of a player's token that is accepted, from whoever it is."`
	Secret     string        `toml:"secret" secret:"" help:"The key that signs tokens, at least 32 bytes. Empty: secret_file."`
	SecretFile string        `toml:"secret_file" help:"A file that holds the key. Empty: secret in data_dir, made on the first start and readable only by its owner."`
	Previous   []string      `toml:"previous_secrets" secret:"" help:"Keys that signed tokens before and are still believed: to change the key, move the old one here."`
	Issuer     string        `toml:"issuer" help:"The iss of tokens signed here; the same on all instances."`

	External ExternalConfig `toml:"external"`
}

// ExternalConfig accepts the tokens of another issuer.
type ExternalConfig struct {
	Issuer   string `toml:"issuer" help:"The iss that the other issuer's tokens carry. Needed with any of the keys below."`
	Audience string `toml:"audience" help:"The aud that they must carry. Needed with any of the keys below."`
	Secret   string `toml:"secret" secret:"" help:"A shared secret (HS256), at least 32 bytes."`
	KeyFile  string `toml:"key_file" help:"Public keys or certificates in PEM (RS256, ES256, EdDSA)."`
	JWKSURL  string `toml:"jwks_url" help:"Where the other issuer publishes its keys (JWKS)."`
	Ratings  bool   `toml:"ratings" help:"Believe its tokens' claim ratings ({\"arena/ranked\": 1620}, points by mode or game/mode): tickets then count with these and not with this server's own records."`
}

// LobbyConfig holds the times and bounds of lobbies.
type LobbyConfig struct {
	Hold           time.Duration `toml:"hold" range:"100ms..10m" help:"How long the seat of a player who dropped is kept."`
	Countdown      time.Duration `toml:"countdown" range:"10ms..1m" help:"From start to the first tick."`
	CountdownAlone time.Duration `toml:"countdown_alone" range:"10ms..1m" help:"The same for who is alone with bots."`
	BotsAfter      time.Duration `toml:"bots_after" range:"10ms..10m" help:"How long a lobby waits for people before bots take free seats."`
	Results        time.Duration `toml:"results" range:"10ms..10m" help:"How long a match's result stands before the lobby waits again."`
	Reap           time.Duration `toml:"reap" range:"10ms..24h" help:"How long a lobby without people lives on."`
	Max            int           `toml:"max" range:"1..100000" help:"Lobbies on this instance; above it, making one is refused with 503."`
	PerPlayer      int           `toml:"per_player" range:"1..1000" help:"Open lobbies one player may have made; above it 429. With Redis on all instances, as of the last heartbeat."`
	Spectators     int           `toml:"spectators" range:"0..10000" help:"Spectators of one lobby, with a seat at its instance."`
	Viewers        int           `toml:"viewers" range:"0..100000" help:"Spectators of one lobby of another instance that this one serves."`
	Delay          time.Duration `toml:"spectator_delay" range:"0s..10m" help:"Spectators see matches so much later than players, in lobbies that do not say. Such lobbies let nobody into a match on its way."`
	MaxDelay       time.Duration `toml:"max_spectator_delay" range:"0s..10m" help:"The longest such delay that a lobby may ask for; a lobby with one holds at most 5 MiB for it."`
	Creates        int           `toml:"creates" range:"1..100000" help:"Lobbies that players of one address may make a minute; above it 429. Loopback is exempt."`
	Guesses        int           `toml:"guesses" range:"1..100000" help:"Lobbies that one address may ask for in vain a minute; above it 429 for every code, right or wrong. Loopback is exempt."`
	PassTTL        time.Duration `toml:"pass_ttl" range:"1s..5m" help:"How long a pass, the right to open one socket, is good for."`
	ChatEvery      time.Duration `toml:"chat_every" range:"10ms..1m" help:"A member may send a chat message so often, in the long run."`
	ChatBurst      int           `toml:"chat_burst" range:"1..100" help:"Chat messages let through at once."`
	Simulate       bool          `toml:"simulate_network" help:"Let a lobby's host have a bad network simulated for its members (delay, jitter, stalls, rate, cuts), to try a game out."`
}

// QueueConfig holds the times and bounds of matchmaking by tickets.
type QueueConfig struct {
	Every     time.Duration `toml:"every" range:"10ms..10s" help:"How often waiting tickets are paired."`
	TTL       time.Duration `toml:"ttl" range:"10s..24h" help:"How long a ticket waits before it expires."`
	Accept    time.Duration `toml:"accept" range:"1s..5m" help:"How long players may take to accept a match, in modes that ask."`
	Gather    time.Duration `toml:"gather" range:"1s..5m" help:"How long matched players may take to come into their lobby."`
	BotsAfter time.Duration `toml:"bots_after" range:"0s..1h" help:"How long a ticket waits for people before bots fill up, in modes without ranking. 0s: for ever."`
	PartySize int           `toml:"party_size" range:"1..100" help:"Players of one party."`
	Tickets   int           `toml:"tickets" range:"1..1000000" help:"Tickets on this instance; above it, making one is refused with 503."`
	Region    string        `toml:"region" help:"Where this instance is, as clients name it when they say how far regions are. Empty: that is not asked."`
}

// LimitsConfig bounds what one client may cost.
type LimitsConfig struct {
	EventBytes        int           `toml:"event_bytes" range:"4096..16777216" help:"Events that wait for one client; full closes with 4008 slow."`
	ReplayBytes       int           `toml:"replay_bytes" range:"4096..16777216" help:"Events kept for a seat whose player may come back; what no longer fits is declared lost."`
	Unacked           time.Duration `toml:"unacked" range:"1s..5m" help:"How long a client may leave states unacknowledged before it is closed with 4008 slow."`
	BlockedWrite      time.Duration `toml:"blocked_write" range:"100ms..1m" help:"How long a write may be stuck before the client is closed with 4008 slow."`
	WindowExtra       time.Duration `toml:"window_extra" range:"10ms..5s" help:"States are skipped for a client whose oldest unacknowledged one is older than its least round trip and this…"`
	WindowMax         time.Duration `toml:"window_max" range:"50ms..10s" help:"…and never older than this."`
	Heartbeat         time.Duration `toml:"heartbeat" range:"100ms..10s" help:"A client hears of a running match at least so often, even when nothing moves."`
	InputBurst        int           `toml:"input_burst" range:"1..1000" help:"Input and acknowledgement frames let through at once; further ones are dropped."`
	InputFactor       float64       `toml:"input_factor" range:"1..10" help:"Input and acknowledgement frames a second, as a multiple of the tick rate."`
	FrameRate         float64       `toml:"frame_rate" range:"1..1000" help:"Other frames a second from one client; above it an error, then 4009."`
	FrameBurst        int           `toml:"frame_burst" range:"1..1000" help:"Other frames let through at once."`
	Ping              time.Duration `toml:"ping" range:"50ms..5m" help:"Between pings. Proxies in front must time out later."`
	Dead              time.Duration `toml:"dead" range:"100ms..10m" help:"Silence after which a connection counts as lost."`
	Idle              time.Duration `toml:"idle" range:"1s..24h" help:"Neither input nor anything else done for so long closes with 4503."`
	FirstMessage      bool          `toml:"first_message" help:"Let clients sign in with their first message instead of in the request."`
	HelloTimeout      time.Duration `toml:"hello_timeout" range:"100ms..30s" help:"The time they have for it."`
	Sockets           int           `toml:"sockets" range:"1..10000000" help:"WebSockets, event streams and long polls in all; above it 503."`
	SocketsPerAddress int           `toml:"sockets_per_address" range:"1..1000000" help:"WebSockets, event streams and long polls that one address (of IPv6, one /64) may hold open; above it 429. Loopback without a forwarded address is exempt."`
	HandshakeRate     float64       `toml:"handshake_rate" range:"1..100000" help:"How many of these a second one address may ask for; above it 429. Loopback is exempt, and so are tokens signed as load tests."`
	HandshakeBurst    int           `toml:"handshake_burst" range:"1..100000" help:"How many of these it may ask for at once."`
	Tunnels           int           `toml:"tunnels" range:"0..1000000" help:"WebSockets that are passed through to other instances at a time, where those have no advertise_url; above it 503."`
	MemoryShare       float64       `toml:"memory_share" range:"0.1..1" help:"Above this share of the memory that there is (GOMEMLIMIT, or the container's), making a lobby is refused with 503. Matches go on."`
	StuckAfter        time.Duration `toml:"stuck_after" range:"100ms..5m" help:"A lobby whose game has not come back from one step for so long counts as stuck: readiness fails and names it."`
	ClaimTimeout      time.Duration `toml:"claim_timeout" range:"100ms..30s" help:"How long letting a socket in may take, where another instance must be asked."`
	HeaderTimeout     time.Duration `toml:"header_timeout" range:"100ms..1m" help:"A request's headers must be read within this time; they are at most 8 KiB."`
	BodyTimeout       time.Duration `toml:"body_timeout" range:"100ms..1m" help:"A request must be read whole within this time."`
	BodyBytes         int           `toml:"body_bytes" range:"256..1048576" help:"A request's body; a longer one gets 413."`
	RequestRate       float64       `toml:"request_rate" range:"0..100000" help:"POST requests a second from one address; above it 429. 0: no limit. Loopback is exempt."`
	RequestBurst      int           `toml:"request_burst" range:"1..100000" help:"POST requests let through at once."`
	Drain             time.Duration `toml:"drain" range:"0s..24h" help:"How long a stop waits for matches to end, while other instances take the new ones. 0s: they are broken off."`
	Shutdown          time.Duration `toml:"shutdown" range:"100ms..5m" help:"How long a stop may take before what is left is cut off."`
}

// RedisConfig joins this instance with others.
type RedisConfig struct {
	URL       string        `toml:"url" secret:"" help:"redis://host:6379/0 joins all instances with the same URL and the same [auth] keys. Empty: this instance is alone."`
	Cluster   bool          `toml:"cluster" help:"It is a Redis Cluster, of Redis 7 or newer; url names any of its nodes."`
	Master    string        `toml:"master" help:"The name that sentinels know the master by; url then names a sentinel, with the master's user, password and database."`
	Nodes     []string      `toml:"nodes" help:"Further host:port, of the cluster or of sentinels, in case that url's does not answer."`
	Guard     string        `toml:"sentinel_password" secret:"" help:"What sentinels ask for. Empty: nothing."`
	Prefix    string        `toml:"prefix" help:"What every key and channel begins with."`
	Timeout   time.Duration `toml:"timeout" range:"10ms..30s" help:"How long one call may take."`
	Heartbeat time.Duration `toml:"heartbeat" range:"20ms..1m" help:"A message to itself so often shows that the subscription is alive."`
	Silent    time.Duration `toml:"silent" range:"50ms..5m" help:"Without one for so long, the subscription is made anew; at least two heartbeats."`
	Beat      time.Duration `toml:"beat" range:"50ms..1m" help:"How often this instance says what it has."`
	Lease     time.Duration `toml:"lease" range:"150ms..5m" help:"How long that is believed; at least three beats."`
}
