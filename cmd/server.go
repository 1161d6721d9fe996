package cmd

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/lobby/bus/redisbus"
	"github.com/sandlot-server/sandlot/lobby/peers"
	"github.com/sandlot-server/sandlot/lobby/queue"
	"github.com/sandlot-server/sandlot/net/auth"
	"github.com/sandlot-server/sandlot/net/ws"
)

// Server is one instance, wired: its two listeners, its lobbies and all between
// them. New opens the listeners; Run serves.
type Server struct {
	config  Config
	log     logger
	site    *site
	metrics *metrics
	auth    *auth.Auth
	redis   *redisbus.Redis // nil: alone
	peers   *peers.Peers
	lobbies *lobby.Directory
	guard   *guarded // the same, as strangers reach them
	gate    *sockets
	memory  *memory

	revocations *revocations
	queue       *queue.Queue
	door        *ws.Handler

	public, adminL net.Listener
	secretMade     string // the file, if the secret was made just now
	warnings       []string
	status         atomic.Value // string
}

// New wires a server and opens its two listeners. It starts no goroutine; the
// listeners are closed by Run, or by Close if Run is never called. The log goes
// to log.
func New(c Config, log *slog.Logger) (*Server, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	c.nameInstance()
	s := &Server{config: c, log: log, site: newSite(&c), metrics: newMetrics()}
	s.status.Store(statusStarting)
	if err := s.listen(); err != nil {
		return nil, err
	}
	if err := s.wire(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.warnings = c.warnings(s.public.Addr())
	return s, nil
}

func (s *Server) wire() (err error) {
	c := &s.config
	if s.auth, s.secretMade, err = c.newAuth(s.log); err != nil {
		return err
	}
	if s.redis, err = c.redis(s.log); err != nil {
		return err
	}
	s.memory = newMemory(c.Limits.MemoryShare)
	deps := c.lobbyDeps(s.redis, s.auth, s.metrics, s.log)
	deps.Crowded = s.memory.crowded
	deps.Ended = func(e lobby.MatchEnd) { s.queue.Ended(e) } // no match before the queue is there
	s.peers = peers.New(peers.Config{Instance: c.Instance, Keys: s.auth, TLS: c.peerTLS()})
	if s.redis != nil {
		deps.Peers = s.peers
	}
	cfg := c.lobbyConfig()
	cfg.PeerURL = c.peerURL(s.public.Addr())
	if s.lobbies, err = lobby.New(cfg, deps); err != nil {
		return err
	}
	if s.queue, err = queue.New(c.queueConfig(), c.queueDeps(s)); err != nil {
		return err
	}
	s.metrics.registry.MustRegister(newPhases(s.lobbies, c.Instance))
	s.guard, s.gate = newGuarded(c, s.lobbies), newSockets(c, keyring{s.auth}.isLoad)
	door := c.wsConfig(s.site, s.gate, s.metrics, s.log)
	if s.redis != nil && c.Limits.Tunnels > 0 {
		door.Peers = ws.Peers{Sign: s.sign, TLS: c.peerTLS(), Most: c.Limits.Tunnels}
	}
	s.door = ws.New(door, s.guard)
	if s.revocations, err = c.revocations(s.auth, s.door, s.redis, s.log); err != nil {
		return fmt.Errorf("read revocations: %w", err)
	}
	return nil
}

func (s *Server) listen() error {
	secure, err := s.config.tlsConfig(s.log)
	if err != nil {
		return err
	}
	if err := s.config.makeCache(); err != nil {
		return err
	}
	plain, err := net.Listen("tcp", s.config.Listen)
	if err != nil {
		return fmt.Errorf("listen for players: %w%s", err, taken(err))
	}
	if s.adminL, err = net.Listen("tcp", s.config.AdminListen); err != nil {
		_ = plain.Close()
		return fmt.Errorf("listen for the operator: %w%s", err, taken(err))
	}
	// Beneath TLS: what the sockets need is done on the descriptor.
	s.public = ws.Listen(&accepting{Listener: plain, log: s.log, failed: s.metrics.http.unaccepted}, s.metrics.ws)
	if secure != nil {
		s.public = tls.NewListener(s.public, secure)
	}
	return nil
}

// taken says what to do where another program has the port already.
func taken(err error) string {
	if !errors.Is(err, syscall.EADDRINUSE) {
		return ""
	}
	return "; stop what is there, or take other ports: --listen :7780 --admin-listen 127.0.0.1:7781 (port 0 is any free one)"
}

// Close closes the listeners of a server that was not run.
func (s *Server) Close() error { return errors.Join(s.public.Close(), s.adminL.Close()) }

// URL is where this machine reaches the public port: "http://localhost:7777".
func (s *Server) URL() string { return s.config.scheme() + "://" + hostPort(s.public.Addr()) }

// AdminURL is where this machine reaches the admin port.
func (s *Server) AdminURL() string { return "http://" + hostPort(s.adminL.Addr()) }

// Ready says how the instance is.
func (s *Server) Ready() Readiness {
	status, _ := s.status.Load().(string)
	r := Readiness{Status: status, Warnings: s.warnings}
	switch status {
	case statusStopping, statusDraining:
		r.Reasons = []string{status}
	case statusReady:
		s.health(&r)
	}
	return r
}

// Run serves until ctx is done, then stops: no more is accepted, clients are
// told 1001, loops end, and what they used ends last. It returns nil after an
// orderly stop and an error if a part failed or if stopping took longer than
// limits.shutdown.
func (s *Server) Run(ctx context.Context) error {
	// What others lean on outlives them: the keys, the bus and the admin port
	// stop only when the players are gone.
	under, stopUnder := context.WithCancel(context.WithoutCancel(ctx))
	defer stopUnder()
	defer s.peers.Close()
	asked := ctx // to stop; draining comes between
	ctx, stop := context.WithCancelCause(context.WithoutCancel(ctx))
	defer stop(nil)

	below, under := errgroup.WithContext(under)
	below.Go(func() error { return s.auth.Run(under) })
	below.Go(func() error { return s.serveAdmin(under) })
	below.Go(func() error { return s.revocations.run(under) })
	if s.redis != nil {
		below.Go(func() error { return s.redis.Run(under) })
	}
	context.AfterFunc(under, func() { stop(context.Cause(under)) })

	s.status.Store(statusReady) // before anything may say that it stops
	above, over := errgroup.WithContext(ctx)
	above.Go(func() error { return s.lobbies.Run(over) })
	above.Go(func() error { return s.queue.Run(over) })
	above.Go(func() error { return s.door.Run(over) })
	above.Go(func() error { return s.servePublic(over) })
	above.Go(func() error { s.drain(asked, over, stop); return nil })
	context.AfterFunc(over, func() { s.status.Store(statusStopping) })

	done := make(chan error, 1)
	go func() {
		err := above.Wait()
		stopUnder()
		done <- errors.Join(err, below.Wait())
	}()
	return s.await(over, done)
}

// drain waits until a stop is asked for, then for matches to end as long as that
// may take, and stops. Meanwhile new lobbies are made elsewhere.
func (s *Server) drain(asked, over context.Context, stop context.CancelCauseFunc) {
	select {
	case <-asked.Done():
	case <-over.Done():
		return
	}
	defer stop(context.Cause(asked))
	if s.config.Limits.Drain == 0 {
		return
	}
	s.status.Store(statusDraining)
	s.lobbies.Drain(true)
	s.log.Info("draining: matches may end", "for", shortTime(s.config.Limits.Drain), "lobbies", s.lobbies.Playing())
	limit := time.NewTimer(s.config.Limits.Drain)
	defer limit.Stop()
	look := time.NewTicker(200 * time.Millisecond)
	defer look.Stop()
	for s.lobbies.Playing() > 0 {
		select {
		case <-look.C:
		case <-limit.C:
			return
		case <-over.Done():
			return
		}
	}
}

// await waits for the end, and once stopping began no longer than allowed.
func (s *Server) await(ctx context.Context, done <-chan error) error {
	select {
	case err := <-done:
		return ignoreStop(err)
	case <-ctx.Done():
	}
	limit := time.NewTimer(s.config.Limits.Shutdown)
	defer limit.Stop()
	select {
	case err := <-done:
		return ignoreStop(err)
	case <-limit.C:
		return fmt.Errorf("stopping took longer than %s: cut off", shortTime(s.config.Limits.Shutdown))
	}
}

// ignoreStop drops what only says that the end was asked for.
func ignoreStop(err error) error {
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

func (s *Server) servePublic(ctx context.Context) error {
	l := s.config.Limits
	return serveHTTP(ctx, s.public, l.Shutdown, &http.Server{
		Handler:           public(s, ctx.Done()),
		ReadHeaderTimeout: l.HeaderTimeout,
		ReadTimeout:       l.HeaderTimeout + l.BodyTimeout,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug), // broken handshakes are everyday
	})
}

// maxHeader is 8 KiB: net/http allows 4 KiB more than it is told.
const maxHeader = 4 << 10

func (s *Server) serveAdmin(ctx context.Context) error {
	return serveHTTP(ctx, s.adminL, time.Second, &http.Server{
		Handler:           s.admin(),
		ReadHeaderTimeout: s.config.Limits.HeaderTimeout,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	})
}

// serveHTTP serves until ctx is done, then lets running requests end within
// grace and cuts off the rest.
func serveHTTP(ctx context.Context, l net.Listener, grace time.Duration, server *http.Server) error {
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
		defer cancel()
		if err := server.Shutdown(end); err != nil {
			_ = server.Close()
		}
		stopped <- nil
	}()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve %s: %w", l.Addr(), err)
	}
	return <-stopped
}
