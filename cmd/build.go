package cmd

import (
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/lobby/bus"
	"github.com/sandlot-server/sandlot/lobby/bus/redisbus"
	"github.com/sandlot-server/sandlot/lobby/queue"
	"github.com/sandlot-server/sandlot/net/auth"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/ws"
)

// This file translates Config into what each package takes.

func (c *Config) lobbyConfig() lobby.Config {
	l := lobby.Defaults()
	l.Instance, l.AdvertiseURL = c.Instance, strings.TrimSuffix(c.AdvertiseURL, "/")
	l.Region, l.Version = c.Queue.Region, version()
	l.MaxLobbies, l.PerPlayer, l.MaxSpectators = c.Lobby.Max, c.Lobby.PerPlayer, c.Lobby.Spectators
	l.MaxViewers, l.Delay, l.MaxDelay = c.Lobby.Viewers, c.Lobby.Delay, c.Lobby.MaxDelay
	l.Hold, l.PassTTL = c.Lobby.Hold, c.Lobby.PassTTL
	l.Countdown, l.CountdownAlone, l.BotsAfter = c.Lobby.Countdown, c.Lobby.CountdownAlone, c.Lobby.BotsAfter
	l.Results, l.EmptyAfter = c.Lobby.Results, c.Lobby.Reap
	l.Beat, l.Lease = c.Redis.Beat, c.Redis.Lease
	l.StuckAfter = c.Limits.StuckAfter
	l.ChatEvery, l.ChatBurst = c.Lobby.ChatEvery, c.Lobby.ChatBurst
	l.Simulate = c.Lobby.Simulate
	return l
}

func (c *Config) queueConfig() queue.Config {
	q := queue.Defaults()
	q.Every, q.TTL, q.Accept, q.Gather = c.Queue.Every, c.Queue.TTL, c.Queue.Accept, c.Queue.Gather
	q.BotsAfter, q.PartySize, q.Tickets = c.Queue.BotsAfter, c.Queue.PartySize, c.Queue.Tickets
	return q
}

func (c *Config) queueDeps(s *Server) queue.Deps {
	d := queue.Deps{Host: s.lobbies, Metrics: s.metrics.queue, Log: s.log}
	if s.redis != nil {
		d.Records, d.Bus = s.redis, s.redis
	}
	return d
}

func (c *Config) sessionConfig(m session.Metrics) session.Config {
	s, l := session.Defaults(), c.Limits
	s.EventBytes, s.ReplayBytes = l.EventBytes, l.ReplayBytes
	s.Unacked, s.BlockedWrite = l.Unacked, l.BlockedWrite
	s.WindowExtra, s.WindowMax, s.Heartbeat = l.WindowExtra, l.WindowMax, l.Heartbeat
	s.Ping, s.Dead, s.Idle = l.Ping, l.Dead, l.Idle
	s.InputBurst, s.InputFactor = l.InputBurst, l.InputFactor
	s.OtherRate, s.OtherBurst = l.FrameRate, l.FrameBurst
	s.Metrics = m
	return s
}

func (c *Config) wsConfig(s *site, gate ws.Gate, m *metrics, log logger) ws.Config {
	return ws.Config{
		Session: c.sessionConfig(m.session), Origins: s.all(),
		Hello: c.Limits.FirstMessage, HelloTimeout: c.Limits.HelloTimeout, ClaimTimeout: c.Limits.ClaimTimeout,
		Secure: s.secure, Gate: gate, RestartAfter: lobby.RestartAfter, Log: log, Metrics: m.ws,
	}
}

// redis joins this instance with others; nil where it is alone.
func (c *Config) redis(log logger) (*redisbus.Redis, error) {
	if c.Redis.URL == "" {
		return nil, nil
	}
	r := c.Redis
	return redisbus.New(redisbus.Config{
		URL: r.URL, Nodes: r.Nodes, Cluster: r.Cluster, Master: r.Master, SentinelPassword: r.Guard, Prefix: r.Prefix,
		Timeout: r.Timeout, Beat: r.Heartbeat, Silent: r.Silent,
	}, log)
}

func (c *Config) lobbyDeps(r *redisbus.Redis, keys lobby.Keys, m *metrics, log logger) lobby.Deps {
	d := lobby.Deps{Keys: keys, Session: c.sessionConfig(m.session), Metrics: m.lobby, Log: log}
	if r != nil {
		d.Bus, d.Store = bus.Bus(r), bus.Store(r)
	}
	return d
}

// nameInstance gives an instance without a name one that is unique.
func (c *Config) nameInstance() {
	if c.Instance != "" {
		return
	}
	host, err := os.Hostname()
	if err != nil || host == "" {
		host = "sandlot"
	}
	host, _, _ = strings.Cut(host, ".")
	c.Instance = fmt.Sprintf("%.40s-%s", host, strings.ToLower(rand.Text()[:6]))
}

// revocations are alone's in a file, and with others in what they share.
func (c *Config) revocations(a *auth.Auth, door *ws.Handler, r *redisbus.Redis, log logger) (*revocations, error) {
	v := &revocations{auth: a, end: door.End, log: log, all: map[string]revocation{}}
	if r != nil {
		v.bus, v.st = r, r
		return v, nil
	}
	v.file = filepath.Join(c.dataDir(), "revocations.json")
	return v, v.load()
}
