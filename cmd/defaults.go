package cmd

import "time"

// Default returns the configuration of a server that nobody configured.
// config.toml says the same; a test holds the two equal.
func Default() Config {
	return Config{
		Listen:      ":7777",
		AdminListen: "127.0.0.1:7778",
		Origins:     []string{},
		Log:         LogConfig{Level: "info", Format: "text"},
		TLS:         TLSConfig{Domains: []string{}},
		Auth: AuthConfig{
			Guests:   true,
			GuestTTL: 24 * time.Hour,
			Issuer:   "sandlot",
			Audience: "sandlot",
		},
		Lobby: LobbyConfig{
			Hold:      30 * time.Second,
			Countdown: 3 * time.Second,
			Results:   15 * time.Second,
			Reap:      30 * time.Second,
			Max:       2000,
			PerPlayer: 3,
			Spectate:  64,
			Inbox:     1024,
			Chat:      100,
		},
		Limits: LimitsConfig{
			MessageBytes:  4 << 10,
			EventBytes:    64 << 10,
			Unacked:       10 * time.Second,
			Blocked:       5 * time.Second,
			InputBurst:    8,
			FrameRate:     20,
			FrameBurst:    40,
			BadFrames:     3,
			Ping:          10 * time.Second,
			Dead:          30 * time.Second,
			HeaderTimeout: 5 * time.Second,
			BodyTimeout:   10 * time.Second,
			BodyBytes:     16 << 10,
			RequestRate:   20,
			RequestBurst:  100,
			Shutdown:      10 * time.Second,
		},
	}
}
