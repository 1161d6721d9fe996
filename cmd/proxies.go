package cmd

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// proxies are the networks whose word on a client's address is taken.
type proxies []netip.Prefix

func parseNetwork(s string) (netip.Prefix, error) {
	if addr, err := netip.ParseAddr(s); err == nil {
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	p, err := netip.ParsePrefix(s)
	return p.Masked(), err
}

func parseProxies(list []string) proxies {
	var out proxies
	for _, s := range list {
		if p, err := parseNetwork(s); err == nil { // refused by Validate otherwise
			out = append(out, p)
		}
	}
	return out
}

// trusted says whether remote, host:port, is a proxy of the list.
func (ps proxies) trusted(remote string) bool {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		host = remote
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	addr = addr.Unmap().WithZone("")
	for _, p := range ps {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}

// client is the address of who sent the request: the last one in
// X-Forwarded-For that no trusted proxy has, read from the right, because
// everything left of what our own proxies wrote can be forged.
func (ps proxies) client(r *http.Request) string {
	at := r.RemoteAddr
	if !ps.trusted(at) {
		return at
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		addr, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			return at
		}
		at = netip.AddrPortFrom(addr.Unmap(), 0).String()
		if !ps.trusted(at) {
			return at
		}
	}
	return at
}

// forwardedProto says how the client's own connection came, "https" or "http". In
// handlers it is the word of a trusted proxy, or not there: see wrap.
const forwardedProto = "X-Forwarded-Proto"

// wrap lets next see the client's address instead of the proxy's, and of how the
// client came only what a trusted proxy says. A proxy on this machine that was not
// declared is a stranger: it brings the whole world, and must not be taken for
// loopback.
func (ps proxies) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		at := ps.client(r)
		if _, exempt := addressOf(at); exempt && isForwarded(r) {
			at = stranger
		}
		forged := r.Header.Get(forwardedProto) != "" && !ps.trusted(r.RemoteAddr)
		if at != r.RemoteAddr || forged {
			r = r.Clone(r.Context())
			r.RemoteAddr = at
		}
		if forged {
			r.Header.Del(forwardedProto)
		}
		next.ServeHTTP(w, r)
	})
}
