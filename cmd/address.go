package cmd

import (
	"net"
	"net/netip"
	"slices"
	"strconv"
)

func (c *Config) scheme() string {
	if c.encrypted() {
		return "https"
	}
	return "http"
}

// warnings is what an operator should know about a listener at addr.
func (c *Config) warnings(addr net.Addr) (all []string) {
	host, _, _ := net.SplitHostPort(addr.String())
	if !isLoopback(host) && !c.encrypted() && !c.BehindTLSProxy {
		all = append(all, "players are served without TLS on "+addr.String()+
			": tokens can be read on the way; set [tls], or behind_tls_proxy if a proxy does it")
	}
	if c.Redis.URL != "" && c.AdvertiseURL == "" && c.Limits.FirstMessage {
		all = append(all, "limits.first_message without advertise_url: a client that signs in by its first message where its lobby is not "+
			"can be neither sent there nor passed through, and is told to try again")
	}
	return all
}

// hostPort is how this machine reaches a listener: localhost, unless it is bound
// to an address of another kind.
func hostPort(addr net.Addr) string {
	host, port, err := net.SplitHostPort(addr.String())
	if err != nil {
		return addr.String()
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() || ip.IsLoopback() && ip.To4() != nil && ip.Equal(net.IPv4(127, 0, 0, 1)) {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}

// invitations are the addresses under which others on the network reach a
// listener, the likeliest first; none if it is bound to loopback.
func invitations(addr net.Addr, interfaces []net.Addr) []string {
	host, port, err := net.SplitHostPort(addr.String())
	if err != nil {
		return nil
	}
	ip, err := netip.ParseAddr(host)
	if err == nil && !ip.IsUnspecified() {
		if ip.IsLoopback() {
			return nil
		}
		return []string{net.JoinHostPort(host, port)}
	}
	var found []netip.Addr
	for _, a := range interfaces {
		p, err := netip.ParsePrefix(a.String())
		if err != nil {
			continue
		}
		if at := p.Addr().Unmap(); at.Is4() && at.IsGlobalUnicast() {
			found = append(found, at)
		}
	}
	slices.SortStableFunc(found, func(a, b netip.Addr) int { return rank(a) - rank(b) })
	out := make([]string, len(found))
	for i, at := range found {
		out[i] = net.JoinHostPort(at.String(), port)
	}
	return out
}

// rank puts home networks before those that containers make.
func rank(a netip.Addr) int {
	b := a.As4()
	switch {
	case b[0] == 192 && b[1] == 168:
		return 0
	case b[0] == 10:
		return 1
	case !a.IsPrivate():
		return 2
	default:
		return 3 // 172.16.0.0/12
	}
}

func portOf(addr net.Addr) string {
	if t, ok := addr.(*net.TCPAddr); ok {
		return strconv.Itoa(t.Port)
	}
	return ""
}
