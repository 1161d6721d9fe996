package ws

import (
	"net/http"
	"net/url"
	"strings"
)

// origins is the allow-list.
type origins struct {
	any  bool
	list map[string]bool // scheme://host[:port], lower case
}

func newOrigins(list []string) origins {
	o := origins{list: map[string]bool{}}
	for _, s := range list {
		if s == "*" {
			o.any = true
			continue
		}
		o.list[strings.TrimSuffix(strings.ToLower(s), "/")] = true
	}
	return o
}

// origin is what a request says of the page it comes from.
type origin uint8

const (
	noOrigin      origin = iota // not a browser
	allowedOrigin               // the same host, or on the list
	foreignOrigin               // anything else
)

// judge reads the Origin header. The same host is always allowed, whatever the
// scheme: behind a proxy that ends TLS ours is not known.
func (o origins) judge(r *http.Request) origin {
	values := r.Header.Values("Origin")
	if len(values) == 0 {
		return noOrigin
	}
	if len(values) > 1 {
		return foreignOrigin
	}
	if o.any || o.list[strings.ToLower(values[0])] {
		return allowedOrigin
	}
	u, err := url.Parse(values[0])
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
		return foreignOrigin
	}
	if bareHost(u.Host, u.Scheme) == bareHost(r.Host, u.Scheme) {
		return allowedOrigin
	}
	return foreignOrigin
}

// bareHost is host:port in lower case without the scheme's own port.
func bareHost(host, scheme string) string {
	host = strings.ToLower(host)
	if scheme == "https" {
		return strings.TrimSuffix(host, ":443")
	}
	return strings.TrimSuffix(host, ":80")
}
