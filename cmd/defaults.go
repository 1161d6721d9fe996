package cmd

import "time"

// Default returns the configuration of a server that nobody configured.
// config.toml says the same; a test holds the two equal.
func Default() Config {
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
			Hold:           30 * time.Second,
			Countdown:      3 * time.Second,
			CountdownAlone: 500 * time.Millisecond,
			BotsAfter:      3 * time.Second,
			Results:        8 * time.Second,
			Reap:           10 * time.Second,
			Max:            2000,
			PerPlayer:      3,
			Spectators:     32,
			Creates:        30,
			Guesses:        10,
			PassTTL:        30 * time.Second,
			ChatEvery:      time.Second,
			ChatBurst:      5,
		},
		Queue: QueueConfig{
			Every:     250 * time.Millisecond,
			TTL:       10 * time.Minute,
			Accept:    15 * time.Second,
			Gather:    15 * time.Second,
			BotsAfter: 20 * time.Second,
			PartySize: 16,
			Tickets:   200_000,
		},
		Limits: LimitsConfig{
			EventBytes:        64 << 10,
			ReplayBytes:       64 << 10,
			Unacked:           10 * time.Second,
			BlockedWrite:      5 * time.Second,
			WindowExtra:       250 * time.Millisecond,
			WindowMax:         time.Second,
			Heartbeat:         time.Second,
			InputBurst:        16,
			InputFactor:       1.25,
			FrameRate:         20,
			FrameBurst:        40,
			Ping:              10 * time.Second,
			Dead:              30 * time.Second,
			Idle:              15 * time.Minute,
			HelloTimeout:      3 * time.Second,
			Sockets:           20_000,
			SocketsPerAddress: 100,
			HandshakeRate:     20,
			HandshakeBurst:    40,
			MemoryShare:       0.85,
			StuckAfter:        3 * time.Second,
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
			Silent:    4 * time.Second,
			Beat:      2 * time.Second,
			Lease:     8 * time.Second,
		},
	}
}
