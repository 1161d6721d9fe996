package cmd

import (
	"net/http"

	"github.com/sandlot-server/sandlot/assets"
	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/lobby/api"
	"github.com/sandlot-server/sandlot/net/ws"
)

// socketPath is where WebSockets open.
const socketPath = "/v1/ws"

// public is all that players reach: the page, the games' own pages, HTTP under
// /v1/ and the socket.
func public(c *Config, s *site, door *ws.Handler, lobbies *lobby.Directory, keys keyring, m *metrics, log logger) http.Handler {
	handlers := api.New(api.Config{
		Version: version(), Guests: c.Auth.Guests, Games: games(),
		Base: s.base, AllowOrigin: s.allowed,
		BodyBytes: int64(c.Limits.BodyBytes), BodyTimeout: c.Limits.BodyTimeout,
		Rate: c.Limits.RequestRate, Burst: c.Limits.RequestBurst, Limited: m.http.limited.Inc,
	}, lobbies, keys)

	mux := http.NewServeMux()
	for _, pattern := range []string{"/v1/", "/openapi.json", "/openapi.yaml", "/docs", "/docs/"} {
		mux.Handle(pattern, handlers)
	}
	for _, d := range game.All() {
		if d.Web != nil {
			page := pageOf(d)
			mux.Handle(page, http.StripPrefix(page[:len(page)-1], assets.FileServer(d.Web)))
		}
	}
	mux.Handle("/", assets.Handler())
	counted := m.http.wrap(log, mux)

	// The socket's handler has its own counters, and what it takes over must
	// not look like an answer that took hours.
	root := http.NewServeMux()
	root.Handle(socketPath, door)
	root.Handle("/", counted)
	return parseProxies(c.TrustedProxies).wrap(root)
}

// pageOf is where a game's own page is served.
func pageOf(d *game.Definition) string { return "/games/" + d.Name + "/" }

// games is what GET /v1/games says of those registered.
func games() []api.Game {
	var list []api.Game
	for _, d := range game.All() {
		g := api.Game{
			Name: d.Name, Title: d.Title, Rate: d.Rate, MinPlayers: d.MinPlayers, MaxPlayers: d.MaxPlayers,
			LateJoin: d.LateJoin, Bots: d.HasBots(), Teams: d.Teams, Settings: []api.Setting{},
		}
		for _, s := range d.Schema().Settings {
			g.Settings = append(g.Settings, api.Setting{Name: s.Name, Min: s.Min, Max: s.Max, Default: s.Default})
		}
		if d.Web != nil {
			g.Page = pageOf(d)
		}
		list = append(list, g)
	}
	return list
}
