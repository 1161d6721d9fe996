package cmd

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
)

// MinSecret is the least length of a signing secret in bytes: a shorter HMAC
// key than the hash can be guessed offline from any one token.
const MinSecret = 32

// Validate says everything that is wrong with c, as Faults. It reads no file but
// for whether those named exist.
func (c *Config) Validate() error { return Faults(c.faults()).err() }

func (c *Config) faults() []Fault {
	var out []Fault
	say := func(key, message string) { out = append(out, Fault{Key: key, Message: message}) }
	for _, k := range keys {
		if err := k.check(c); err != nil {
			say(k.path, err.Error())
		}
	}
	c.checkListeners(say)
	c.checkURLs(say)
	c.checkTLS(say)
	c.checkAuth(say)
	if c.Limits.Dead <= c.Limits.Ping {
		say("limits.dead", "must be longer than limits.ping")
	}
	if strings.ContainsAny(c.Instance, " /:\t\n") || len(c.Instance) > 64 {
		say("instance", "must be at most 64 characters without spaces, slashes or colons")
	}
	return out
}

func (c *Config) checkListeners(say func(key, message string)) {
	if _, _, err := net.SplitHostPort(c.Listen); err != nil {
		say("listen", `must be an address like ":7777" or "127.0.0.1:7777"`)
	}
	host, _, err := net.SplitHostPort(c.AdminListen)
	if err != nil {
		say("admin_listen", `must be an address like "127.0.0.1:7778"`)
		return
	}
	if c.AdminToken == "" && !isLoopback(host) {
		say("admin_listen", "is not loopback, so admin_token must be set: it shows profiles and metrics to whoever asks")
	}
	if c.AdminToken != "" && len(c.AdminToken) < 16 {
		say("admin_token", "must have at least 16 characters")
	}
}

// isLoopback says whether a listener on host is reached from this machine only.
func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (c *Config) checkURLs(say func(key, message string)) {
	for _, u := range []struct{ key, value string }{
		{"public_url", c.PublicURL}, {"advertise_url", c.AdvertiseURL}, {"peer_url", c.PeerURL}, {"auth.external.jwks_url", c.Auth.External.JWKSURL},
	} {
		if u.value != "" && !isWeb(u.value) {
			say(u.key, "must be a URL like https://play.example.com")
		}
	}
	for _, o := range c.Origins {
		p, err := url.Parse(o)
		if o != "*" && (err != nil || !isWeb(o) || o != p.Scheme+"://"+p.Host) {
			say("origins", `must hold origins like "https://example.com", without a path; not "`+o+`"`)
		}
	}
	for _, p := range c.TrustedProxies {
		if _, err := parseNetwork(p); err != nil {
			say("trusted_proxies", `must hold addresses or networks like "10.0.0.0/8", not "`+p+`"`)
		}
	}
	c.checkRedis(say)
}

func (c *Config) checkRedis(say func(key, message string)) {
	r := c.Redis
	if r.URL == "" {
		if r.Cluster || r.Master != "" || len(r.Nodes) > 0 {
			say("redis.url", "is empty, so this instance would be alone: name a node of the cluster or a sentinel, like redis://127.0.0.1:6379")
		}
		return
	}
	p, err := url.Parse(r.URL)
	if err != nil || p.Host == "" && p.Scheme != "unix" || p.Scheme != "unix" && p.Scheme != "redis" && p.Scheme != "rediss" {
		say("redis.url", "must be a URL like redis://127.0.0.1:6379/0, rediss://host:port or unix:///path/to.sock")
		return
	}
	several := r.Cluster || r.Master != ""
	if r.Cluster && r.Master != "" {
		say("redis.master", "must be empty with redis.cluster: sentinels watch no clusters")
	}
	if several && p.Scheme == "unix" {
		say("redis.url", "must have a host and a port: clusters and sentinels are not reached by a unix socket")
	}
	if db := strings.Trim(p.Path, "/"); r.Cluster && p.Scheme != "unix" && db != "" && db != "0" {
		say("redis.url", "asks for database "+db+", and a cluster has only 0")
	}
	if len(r.Nodes) > 0 && !several {
		say("redis.nodes", "are of a cluster or sentinels: set redis.cluster = true, or redis.master to the master's name")
	}
	if r.Guard != "" && r.Master == "" {
		say("redis.sentinel_password", "needs redis.master, the name that sentinels know the master by")
	}
	for _, n := range r.Nodes {
		if _, _, err := net.SplitHostPort(n); err != nil {
			say("redis.nodes", `must hold addresses like "10.0.0.2:6379", not "`+n+`"`)
		}
	}
}

func isWeb(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

func (c *Config) checkTLS(say func(key, message string)) {
	t := c.TLS
	if (t.CertFile == "") != (t.KeyFile == "") {
		say("tls.cert_file", "needs tls.key_file, and the other way round")
	}
	if t.CertFile != "" && len(t.Domains) > 0 {
		say("tls.domains", "is for automatic certificates; leave it empty with tls.cert_file")
	}
	mustExist("tls.cert_file", t.CertFile, say)
	mustExist("tls.key_file", t.KeyFile, say)
	for _, d := range t.Domains {
		if strings.ContainsAny(d, "/:* ") || !strings.Contains(d, ".") {
			say("tls.domains", `must hold plain host names, not "`+d+`"`)
		}
	}
}

func (c *Config) checkAuth(say func(key, message string)) {
	a := c.Auth
	if a.Secret != "" && len(a.Secret) < MinSecret {
		say("auth.secret", "must have at least 32 bytes; make one with: openssl rand -hex 32")
	}
	if a.Secret != "" && a.SecretFile != "" {
		say("auth.secret_file", "is not used beside auth.secret; set one of them")
	}
	if a.Issuer == "" {
		say("auth.issuer", "must not be empty")
	}
	if a.GuestTTL > a.Lifetime {
		say("auth.guest_ttl", "must not be longer than auth.lifetime")
	}
	for i, p := range a.Previous {
		if len(p) < MinSecret {
			say("auth.previous_secrets", fmt.Sprintf("number %d must have at least 32 bytes", i+1))
		}
	}
	if c.Redis.URL != "" && a.Secret == "" && a.SecretFile == "" {
		say("redis.url", "instances that share a Redis must share the key that signs tokens: set auth.secret or auth.secret_file, the same on all")
	}
	if c.Redis.Lease < 3*c.Redis.Beat {
		say("redis.lease", "must be at least three times redis.beat")
	}
	if c.Redis.Silent < 2*c.Redis.Heartbeat {
		say("redis.silent", "must be at least twice redis.heartbeat")
	}
	if c.Redis.Prefix == "" {
		say("redis.prefix", "must not be empty")
	}
	c.checkExternal(say)
}

func (c *Config) checkExternal(say func(key, message string)) {
	x := c.Auth.External
	n := 0
	for _, s := range []string{x.Secret, x.KeyFile, x.JWKSURL} {
		if s != "" {
			n++
		}
	}
	if n > 1 {
		say("auth.external", "takes one of secret, key_file and jwks_url")
	}
	if n > 0 && (x.Issuer == "" || x.Audience == "") {
		say("auth.external.issuer", "and auth.external.audience must be set: without them any token of that issuer's key would do")
	}
	if n == 0 && (x.Issuer != "" || x.Audience != "") {
		say("auth.external.issuer", "needs one of secret, key_file and jwks_url")
	}
	if x.Secret != "" && len(x.Secret) < MinSecret {
		say("auth.external.secret", "must have at least 32 bytes")
	}
	if x.Issuer != "" && x.Issuer == c.Auth.Issuer {
		say("auth.external.issuer", "must differ from auth.issuer")
	}
	mustExist("auth.external.key_file", x.KeyFile, say)
}

func mustExist(key, path string, say func(key, message string)) {
	if path == "" {
		return
	}
	f, err := os.Open(path)
	if err != nil {
		say(key, err.Error())
		return
	}
	_ = f.Close()
}
