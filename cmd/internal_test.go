package cmd

import (
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
)

// What only a request's path through the program shows is tested from outside;
// these are the pure functions beneath.

func TestClientBehindProxies(t *testing.T) {
	ps := parseProxies([]string{"10.0.0.0/8", "2001:db8::/32", "192.0.2.7"})
	for _, tc := range []struct {
		name, remote string
		forwarded    []string
		want         string
	}{
		{"nobody in between", "203.0.113.5:99", nil, "203.0.113.5:99"},
		{"forged by a client", "203.0.113.5:99", []string{"198.51.100.1"}, "203.0.113.5:99"},
		{"one proxy", "10.1.2.3:99", []string{"203.0.113.5"}, "203.0.113.5:0"},
		{"one proxy, forged before it", "10.1.2.3:99", []string{"1.1.1.1, 203.0.113.5"}, "203.0.113.5:0"},
		{"two proxies", "10.1.2.3:99", []string{"1.1.1.1, 203.0.113.5", "192.0.2.7"}, "203.0.113.5:0"},
		{"only proxies", "10.1.2.3:99", []string{"10.9.9.9"}, "10.9.9.9:0"},
		{"rubbish", "10.1.2.3:99", []string{"203.0.113.5, what"}, "10.1.2.3:99"},
		{"nothing said", "10.1.2.3:99", nil, "10.1.2.3:99"},
		{"IPv6", "[2001:db8::1]:99", []string{"2a00::7"}, "[2a00::7]:0"},
		{"IPv4 as IPv6", "[::ffff:10.1.2.3]:99", []string{"::ffff:203.0.113.5"}, "203.0.113.5:0"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = tc.remote
		for _, f := range tc.forwarded {
			r.Header.Add("X-Forwarded-For", f)
		}
		if got := ps.client(r); got != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.want)
		}
	}
}

// The way a client came is what a trusted proxy says; nobody else's word counts.
func TestSocketAddressesBehindProxies(t *testing.T) {
	for _, tc := range []struct {
		name, remote string
		behind, tls  bool
		proto, want  string
	}{
		{"nobody in between", "203.0.113.5:99", false, false, "", "http"},
		{"TLS here", "203.0.113.5:99", false, true, "", "https"},
		{"forged by a client", "203.0.113.5:99", false, false, "https", "http"},
		{"forged the other way", "203.0.113.5:99", false, true, "http", "https"},
		{"a proxy that ended TLS", "10.1.2.3:99", false, false, "https", "https"},
		{"two proxies, the first ended TLS", "10.1.2.3:99", false, false, "HTTPS, http", "https"},
		{"a proxy that begins TLS", "10.1.2.3:99", false, true, "http", "http"},
		{"a proxy that does not say", "10.1.2.3:99", false, false, "", "http"},
		{"a proxy that says nonsense", "10.1.2.3:99", false, false, "gopher", "http"},
		{"configured", "203.0.113.5:99", true, false, "", "https"},
		{"configured, an inner proxy knows less", "10.1.2.3:99", true, false, "http", "https"},
	} {
		c := Default()
		c.BehindTLSProxy, c.TrustedProxies = tc.behind, []string{"10.0.0.0/8"}
		s, got := newSite(&c), ""
		r := httptest.NewRequest(http.MethodGet, "http://play.example/", nil)
		r.RemoteAddr = tc.remote
		r.Header.Set("X-Forwarded-For", "198.51.100.7")
		if tc.proto != "" {
			r.Header.Set("X-Forwarded-Proto", tc.proto)
		}
		if tc.tls {
			r.TLS = &tls.ConnectionState{}
		}
		parseProxies(c.TrustedProxies).wrap(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = s.base(r) })).
			ServeHTTP(httptest.NewRecorder(), r)
		if got != tc.want+"://play.example" {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.want)
		}
	}
}

func TestOrigins(t *testing.T) {
	c := Default()
	c.PublicURL, c.Origins = "https://play.example.com/", []string{"https://friend.example"}
	s := newSite(&c)
	for origin, want := range map[string]bool{
		"https://play.example.com": true, "https://friend.example": true, "http://here.example:7777": true, "https://here.example:7777": true,
		"https://evil.example": false, "http://friend.example": false, "https://friend.example.evil.example": false, "null": false, "": false,
		"https://here.example:7778": false,
	} {
		r := httptest.NewRequest(http.MethodPost, "http://here.example:7777/v1/guests", nil)
		r.Header.Set("Origin", origin)
		if got := s.allowed(r); got != want {
			t.Errorf("%q: %v, want %v", origin, got, want)
		}
	}
	if got := s.all(); !slices.Equal(got, []string{"https://friend.example", "https://play.example.com"}) {
		t.Errorf("all: %q", got)
	}
	if got := s.base(httptest.NewRequest(http.MethodGet, "http://here.example/", nil)); got != "https://play.example.com" {
		t.Errorf("base: %s", got)
	}
}

func TestInvitations(t *testing.T) {
	prefix := func(s string) net.Addr {
		ip, n, err := net.ParseCIDR(s)
		if err != nil {
			t.Fatal(err)
		}
		return &net.IPNet{IP: ip, Mask: n.Mask}
	}
	interfaces := []net.Addr{
		prefix("127.0.0.1/8"), prefix("::1/128"), prefix("fe80::1/64"), prefix("172.17.0.1/16"), prefix("10.0.0.4/24"), prefix("192.168.1.20/24"),
	}
	for _, tc := range []struct {
		listen string
		want   []string
	}{
		{"[::]:7777", []string{"192.168.1.20:7777", "10.0.0.4:7777", "172.17.0.1:7777"}},
		{"0.0.0.0:80", []string{"192.168.1.20:80", "10.0.0.4:80", "172.17.0.1:80"}},
		{"127.0.0.1:7777", nil},
		{"[::1]:7777", nil},
		{"10.0.0.4:7777", []string{"10.0.0.4:7777"}},
	} {
		at, err := net.ResolveTCPAddr("tcp", tc.listen)
		if err != nil {
			t.Fatal(err)
		}
		if got := invitations(at, interfaces); !slices.Equal(got, tc.want) {
			t.Errorf("%s: %q, want %q", tc.listen, got, tc.want)
		}
	}
}

func TestBoundedLabels(t *testing.T) {
	l := labels{max: 2}
	for _, tc := range [][2]string{{"a", "a"}, {"b", "b"}, {"c", other}, {"a", "a"}} {
		if got := l.bound(tc[0]); got != tc[1] {
			t.Errorf("%s counts as %s, want %s", tc[0], got, tc[1])
		}
	}
}

func TestStrangersInTheEnvironment(t *testing.T) {
	got := strangers([]string{
		"HOME=/", "SANDLOT_LISTEN=:1", "SANDLOT_CONFIG=x", "SANDLOT_PORT=tcp://10.0.0.1:80", "SANDLOT_PORT_80_TCP=x",
		"SANDLOT_SERVICE_HOST=10.0.0.1", "SANDLOT_LISEN=:1",
	})
	if !slices.Equal(got, []string{"SANDLOT_LISEN"}) {
		t.Errorf("got %q", got)
	}
}
