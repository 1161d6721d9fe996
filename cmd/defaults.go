package cmd

import (
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/lobby/queue"
	"github.com/sandlot-server/sandlot/net/session"
)

// Default returns the configuration of a server that nobody configured.
// config.toml says the same; a test holds the two equal. What a package has
// defaults of its own for is taken from there.
func Default() Config {
	l, q, s := lobby.Defaults(), queue.Defaults(), session.Defaults()
	return Config{
		Listen:      ":7777",
		AdminListen: "127.0.0.1:7778",
		Origins:     []string{},

		TrustedProxies: []string{},

		Log: LogConfig{Level: "info", Format: "text"},
		TLS: TLSConfig{Domains: []string{}},
		Auth: AuthConfig{
			Guests:   true,
			GuestTTL: 12 * time.Hour,
			Lifetime: 24 * time.Hour,
			Previous: []string{},
			Issuer:   "sandlot",
		},
		Lobby: LobbyConfig{
			Hold:           l.Hold,
			Countdown:      l.Countdown,
			CountdownAlone: l.CountdownAlone,
			BotsAfter:      l.BotsAfter,
			Results:        l.Results,
			Reap:           l.EmptyAfter,
			Max:            l.MaxLobbies,
			PerPlayer:      l.PerPlayer,
			Spectators:     l.MaxSpectators,
			Viewers:        l.MaxViewers,
			Delay:          l.Delay,
			MaxDelay:       l.MaxDelay,
			Creates:        30,
			Guesses:        10,
			PassTTL:        l.PassTTL,
			ChatEvery:      l.ChatEvery,
			ChatBurst:      l.ChatBurst,
		},
		Queue: QueueConfig{
			Every:     q.Every,
			TTL:       q.TTL,
			Accept:    q.Accept,
			Gather:    q.Gather,
			BotsAfter: q.BotsAfter,
			PartySize: q.PartySize,
			Tickets:   q.Tickets,
		},
		Limits: LimitsConfig{
			EventBytes:        s.EventBytes,
			ReplayBytes:       s.ReplayBytes,
			Unacked:           s.Unacked,
			BlockedWrite:      s.BlockedWrite,
			WindowExtra:       s.WindowExtra,
			WindowMax:         s.WindowMax,
			Heartbeat:         s.Heartbeat,
			InputBurst:        s.InputBurst,
			InputFactor:       s.InputFactor,
			FrameRate:         s.OtherRate,
			FrameBurst:        s.OtherBurst,
			Ping:              s.Ping,
			Dead:              s.Dead,
			Idle:              s.Idle,
			HelloTimeout:      3 * time.Second,
			Sockets:           20_000,
			SocketsPerAddress: 100,
			HandshakeRate:     20,
			HandshakeBurst:    40,
			Tunnels:           5000,
			MemoryShare:       0.85,
			StuckAfter:        l.StuckAfter,
			ClaimTimeout:      5 * time.Second,
			HeaderTimeout:     5 * time.Second,
			BodyTimeout:       10 * time.Second,
			BodyBytes:         16 << 10,
			RequestRate:       20,
			RequestBurst:      100,
			Shutdown:          10 * time.Second,
		},
		Redis: RedisConfig{
			Nodes:     []string{},
			Prefix:    "sandlot",
			Timeout:   time.Second,
			Heartbeat: time.Second,
			Silent:    3 * time.Second,
			Beat:      l.Beat,
			Lease:     l.Lease,
		},
	}
}
