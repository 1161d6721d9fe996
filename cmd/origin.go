package cmd

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// site answers what depends on how a request came: its own address, and whose
// pages may use it.
type site struct {
	public  string   // configured; "" if not
	behind  bool     // a proxy in front speaks TLS
	origins []string // "https://example.com" or "*"
}

func newSite(c *Config) *site {
	return &site{public: strings.TrimSuffix(c.PublicURL, "/"), behind: c.BehindTLSProxy, origins: c.Origins}
}

// base is the site's address as r came, "https://host".
func (s *site) base(r *http.Request) string {
	if s.public != "" {
		return s.public
	}
	return s.here(r)
}

func (s *site) here(r *http.Request) string {
	if s.secure(r) {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// secure says whether the client's own connection is encrypted: as configured, as
// a trusted proxy says, which may have ended TLS or begun it, or as it is.
func (s *site) secure(r *http.Request) bool {
	proto, _, _ := strings.Cut(r.Header.Get(forwardedProto), ",") // the outermost proxy's
	switch proto = strings.TrimSpace(proto); {
	case s.behind || strings.EqualFold(proto, "https"):
		return true
	case strings.EqualFold(proto, "http"):
		return false
	}
	return r.TLS != nil
}

// allowed says whether the page that sent r may use this server: a page of this
// very host, of the public URL, or of the list.
func (s *site) allowed(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if slices.Contains(s.origins, "*") || slices.Contains(s.origins, origin) {
		return true
	}
	if p, err := url.Parse(s.public); err == nil && s.public != "" && origin == p.Scheme+"://"+p.Host {
		return true
	}
	u, err := url.Parse(origin)
	// The scheme is not compared: a TLS proxy that was not declared changes it.
	return err == nil && u.Host != "" && strings.EqualFold(u.Host, r.Host)
}

// all is the list for those that compare the request's own host themselves.
func (s *site) all() []string {
	list := slices.Clone(s.origins)
	if p, err := url.Parse(s.public); err == nil && s.public != "" {
		list = append(list, p.Scheme+"://"+p.Host)
	}
	return list
}
