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
	AdvertiseURL   string   `toml:"advertise_url" help:"Where players reach this very instance, when several share one public_url. Empty: public_url, else worked out from the request."`
	BehindTLSProxy bool     `toml:"behind_tls_proxy" help:"A proxy in front speaks TLS to players: links become https and wss, cookies stay Secure, and plain HTTP here is no cause for a warning."`
	Origins        []string `toml:"origins" help:"Web pages on other sites that may use this server (https://example.com). The server's own pages always may; \"*\" lets every site."`
	DataDir        string   `toml:"data_dir" help:"Where the generated secret and certificates are kept. Empty: sandlot in the user's configuration directory, or ./.sandlot if there is none."`
	Instance       string   `toml:"instance" help:"This instance's name in logs and in the directory; must be unique. Empty: the host's name and a random end."`

	Log    LogConfig    `toml:"log"`
	TLS    TLSConfig    `toml:"tls"`
	Auth   AuthConfig   `toml:"auth"`
	Lobby  LobbyConfig  `toml:"lobby"`
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
	GuestTTL   time.Duration `toml:"guest_ttl" range:"1m..720h" help:"How long a guest's token is good for."`
	Secret     string        `toml:"secret" secret:"" help:"The key that signs tokens, at least 32 bytes. Empty: secret_file."`
	SecretFile string        `toml:"secret_file" help:"A file that holds the key. Empty: secret in data_dir, made on the first start and readable only by its owner."`
	Issuer     string        `toml:"issuer" help:"The iss of tokens signed here."`
	Audience   string        `toml:"audience" help:"The aud of tokens signed here."`

	External ExternalConfig `toml:"external"`
}

// ExternalConfig accepts the tokens of another issuer.
type ExternalConfig struct {
	Issuer   string `toml:"issuer" help:"The iss that the other issuer's tokens carry. Needed with any of the keys below."`
	Audience string `toml:"audience" help:"The aud that they must carry. Needed with any of the keys below."`
	Secret   string `toml:"secret" secret:"" help:"A shared secret (HS256), at least 32 bytes."`
	KeyFile  string `toml:"key_file" help:"A public key or certificate in PEM (RS256, ES256, EdDSA)."`
	JWKSURL  string `toml:"jwks_url" help:"Where the other issuer publishes its keys (JWKS)."`
}

// LobbyConfig holds the times and bounds of lobbies.
type LobbyConfig struct {
	Hold      time.Duration `toml:"hold" range:"0s..10m" help:"How long the seat of a player who dropped is kept."`
	Countdown time.Duration `toml:"countdown" range:"0s..1m" help:"From start to the first tick."`
	Results   time.Duration `toml:"results" range:"1s..10m" help:"How long a match's result stands before the lobby waits again."`
	Reap      time.Duration `toml:"reap" range:"1s..24h" help:"How long a lobby without members lives on."`
	Max       int           `toml:"max" range:"1..100000" help:"Lobbies on this instance; above it, creating one is refused with 503."`
	PerPlayer int           `toml:"per_player" range:"1..1000" help:"Open lobbies one player may have created."`
	Spectate  int           `toml:"spectators" range:"0..10000" help:"Spectators and chat-only members of one lobby."`
	Inbox     int           `toml:"inbox" range:"64..65536" help:"Messages that wait for a lobby's loop; what comes on top closes its sender's session."`
	Chat      int           `toml:"chat_history" range:"0..1000" help:"Chat messages kept for those who join later."`
}

// LimitsConfig bounds what one client may cost.
type LimitsConfig struct {
	MessageBytes  int           `toml:"message_bytes" range:"512..65536" help:"A message from a client; a longer one closes with 1009."`
	EventBytes    int           `toml:"event_bytes" range:"4096..16777216" help:"Events that wait for one client; full closes with 4008 slow."`
	Unacked       time.Duration `toml:"unacked" range:"1s..5m" help:"How long a client may leave states unacknowledged before it is closed with 4008 slow."`
	Blocked       time.Duration `toml:"blocked" range:"100ms..1m" help:"How long a write may be stuck before the client is closed with 4008 slow."`
	InputBurst    int           `toml:"input_burst" range:"1..1000" help:"Input and acknowledgement frames above one a tick that are let through at once; further ones are dropped."`
	FrameRate     float64       `toml:"frame_rate" range:"1..1000" help:"Other frames a second from one client; above it an error, then 4009."`
	FrameBurst    int           `toml:"frame_burst" range:"1..1000" help:"Other frames let through at once."`
	BadFrames     int           `toml:"bad_frames" range:"1..100" help:"Malformed or out-of-range frames before a client is closed with 4504."`
	Ping          time.Duration `toml:"ping" range:"1s..5m" help:"Between pings to a silent client. Proxies in front must time out later."`
	Dead          time.Duration `toml:"dead" range:"2s..10m" help:"Silence after which a connection counts as dead."`
	FirstMessage  time.Duration `toml:"first_message" range:"0s..30s" help:"Let clients sign in with their first message, within this time. 0: not allowed."`
	HeaderTimeout time.Duration `toml:"header_timeout" range:"100ms..1m" help:"A request's headers must be read within this time; 8 KiB at most."`
	BodyTimeout   time.Duration `toml:"body_timeout" range:"100ms..1m" help:"A request must be read whole within this time."`
	BodyBytes     int           `toml:"body_bytes" range:"256..1048576" help:"A request's body; a longer one gets 413."`
	RequestRate   float64       `toml:"request_rate" range:"0..100000" help:"POST requests a second from one address; above it 429. 0: no limit. Loopback is exempt."`
	RequestBurst  int           `toml:"request_burst" range:"1..100000" help:"POST requests let through at once."`
	Shutdown      time.Duration `toml:"shutdown" range:"100ms..5m" help:"How long a stop may take before what is left is cut off."`
}

// RedisConfig joins this instance with others.
type RedisConfig struct {
	URL string `toml:"url" secret:"" help:"redis://host:6379/0 joins all instances with the same URL and the same [auth] keys. Empty: this instance is alone."`
}
