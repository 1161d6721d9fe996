package cmd

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/sandlot-server/sandlot/lobby/peers"
	"github.com/sandlot-server/sandlot/net/auth"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/ws"
)

// peerURL is where other instances reach this one, which listens at addr: as
// configured, or the address from which this machine reaches Redis, as they
// probably do too. Empty where there are no others.
func (c *Config) peerURL(addr net.Addr) string {
	if c.Redis.URL == "" {
		return ""
	}
	if c.PeerURL != "" {
		return strings.TrimSuffix(c.PeerURL, "/")
	}
	host, port, err := net.SplitHostPort(addr.String())
	if err != nil {
		return ""
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = towards(c.Redis.URL)
	}
	return c.scheme() + "://" + net.JoinHostPort(host, port)
}

// towards is this machine's address on the way to a Redis; loopback where there is
// none.
func towards(redis string) string {
	u, err := url.Parse(redis)
	if err != nil || u.Hostname() == "" {
		return "127.0.0.1"
	}
	// Nothing is sent: the system only says which way it would be.
	way, err := net.Dial("udp", net.JoinHostPort(u.Hostname(), "9"))
	if err != nil {
		return "127.0.0.1"
	}
	defer way.Close()
	host, _, err := net.SplitHostPort(way.LocalAddr().String())
	if err != nil {
		return "127.0.0.1"
	}
	return host
}

// peerTLS is how other instances are believed where they speak TLS: their address
// is one of the inside, their certificate that of the site. Nil where they do not.
func (c *Config) peerTLS() *tls.Config {
	if !c.encrypted() {
		return nil
	}
	t := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: c.siteName()}
	if c.PeerURL != "" {
		t.ServerName = "" // that of the address
	}
	if pem, err := os.ReadFile(c.TLS.CertFile); err == nil { // all instances have it, whoever signed it
		if t.RootCAs, err = x509.SystemCertPool(); err != nil {
			t.RootCAs = x509.NewCertPool()
		}
		t.RootCAs.AppendCertsFromPEM(pem)
	}
	return t
}

// siteName is the name that the site's certificate is for; "" if it is not known.
func (c *Config) siteName() string {
	for _, s := range []string{c.PublicURL, c.AdvertiseURL} {
		if u, err := url.Parse(s); err == nil && u.Hostname() != "" {
			return u.Hostname()
		}
	}
	if len(c.TLS.Domains) > 0 {
		return c.TLS.Domains[0]
	}
	return ""
}

// peered lets in what other instances pass on and ask, by their signature alone,
// and gives everything else to next: what claims to be another instance and is
// not gets 403.
func (s *Server) peered(passed, next http.Handler) http.Handler {
	answers := s.peers.Handler(s.lobbies)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch token := r.Header.Get(ws.PeerHeader); {
		case strings.HasPrefix(r.URL.Path, peers.Path):
			answers.ServeHTTP(w, r)
		case token == "":
			next.ServeHTTP(w, r)
		case r.URL.Path != socketPath:
			http.Error(w, "only sockets are passed on", http.StatusForbidden)
		default:
			word, err := s.auth.TakePeer(token, s.config.Instance, s.lobbies.Boot())
			if errors.Is(err, auth.ErrRestarted) { // who passes it on will hear of it; the client comes back
				w.Header().Set("Retry-After", "2")
				http.Error(w, "this instance has restarted", http.StatusServiceUnavailable)
				return
			}
			if err != nil || word.Sum != ws.SocketSum {
				http.Error(w, "instances pass sockets on, signed with the shared key", http.StatusForbidden)
				return
			}
			r = r.Clone(r.Context())
			r.RemoteAddr = word.Remote // as the other instance saw it
			passed.ServeHTTP(w, r)
		}
	})
}

// sign is this instance's word for a socket that it passes through.
func (s *Server) sign(to session.Home, sum, remote string) (string, error) {
	return s.auth.IssuePeer(auth.Peer{From: s.config.Instance, To: to.Name, Boot: to.Boot, Sum: sum, Remote: remote})
}
