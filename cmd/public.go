package cmd

import (
	"net/http"

	"github.com/sandlot-server/sandlot/assets"
	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/lobby/api"
)

// socketPath is where WebSockets open.
const socketPath = "/v1/ws"

// public is all that players reach: the page, the games' own pages, HTTP under
// /v1/ and the socket. Requests that wait end with stopping.
func public(s *Server, stopping <-chan struct{}) http.Handler {
	c, m := &s.config, s.metrics
	handlers := api.New(api.Config{
		Version: version(), Guests: c.Auth.Guests, Games: games(),
		Base: s.site.base, AllowOrigin: s.site.allowed, Queue: s.queue, Stopping: stopping,
		BodyBytes: int64(c.Limits.BodyBytes), BodyTimeout: c.Limits.BodyTimeout,
		Rate: c.Limits.RequestRate, Burst: c.Limits.RequestBurst, Limited: m.http.limited.Inc,
	}, s.guard, keyring{s.auth})

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
	counted := m.http.wrap(s.log, mux)

	// The socket's handler has its own counters, and what it takes over must
	// not look like an answer that took hours.
	root := http.NewServeMux()
	root.Handle(socketPath, s.door)
	root.Handle("/", s.gate.streams(counted))
	return s.peered(withRemote(s.door), parseProxies(c.TrustedProxies).wrap(withRemote(root)))
}

// pageOf is where a game's own page is served.
func pageOf(d *game.Definition) string { return "/games/" + d.Name + "/" }

// games is what GET /v1/games says of those registered.
func games() []api.Game {
	var list []api.Game
	for _, d := range game.All() {
		g := api.Game{
			Name: d.Name, Title: d.Title, Rate: d.Rate, MinPlayers: d.MinPlayers, MaxPlayers: d.MaxPlayers,
			LateJoin: d.LateJoin, Bots: d.HasBots(), Teams: d.Teams, Settings: []api.Setting{}, Modes: []api.Mode{},
		}
		for _, mode := range d.Modes {
			g.Modes = append(g.Modes, api.Mode{
				Name: mode.Name, Title: mode.Title, Teams: mode.Teams, Size: mode.Size, Ranked: mode.Ranked, Accept: mode.Accept,
			})
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
