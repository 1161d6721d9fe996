package ws_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
	"github.com/sandlot-server/sandlot/net/ws"
)

func certificate(t *testing.T) *tls.Config {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
}

// chatAndKick plays a short session: a message, an answer, an end.
func chatAndKick(t *testing.T, s *server, c net.Conn) {
	t.Helper()
	r := s.over(c, request("/v1/ws?token=good", speaks))
	r.welcome()
	sess := <-s.door.attached
	r.send(masked(0x82, wire.AppendChat(nil, wire.Chat{Text: "hello"})))
	if in := <-s.door.in; in.Text != "hello" {
		t.Fatalf("%+v", in)
	}
	sess.Event(wire.AppendChatOut(nil, &wire.ChatOut{Text: "hello"}))
	sess.CloseWith(session.Kicked, "")
	if op, payload := r.frame(); op != 2 || payload[1] != byte(wire.TypeChatOut) {
		t.Fatalf("opcode %d: %x", op, payload)
	}
	if code, text := r.closes(); code != 4501 || text != "kicked" {
		t.Fatalf("closed with %d %q", code, text)
	}
	if got := <-s.door.gone; got != session.Kicked {
		t.Fatalf("gone with %v", got)
	}
}

func TestOverTLS(t *testing.T) { bothWays(t, overTLS) }

func overTLS(t *testing.T, gated bool) {
	cfg := certificate(t)
	s := serve(t, ws.Config{}, func(l net.Listener) net.Listener { return tls.NewListener(l, cfg) })
	s.gate(gated)
	c, err := tls.Dial("tcp", s.addr, &tls.Config{InsecureSkipVerify: true}) // our own certificate of this second
	if err != nil {
		t.Fatal(err)
	}
	chatAndKick(t, s, c)
	if !s.door.last().Secure {
		t.Error("not seen as secure")
	}
}

// Without our listener, with and without TLS.
func TestForeignListeners(t *testing.T) {
	cfg := certificate(t)
	for name, wrap := range map[string]func(net.Listener) net.Listener{
		"tcp": func(l net.Listener) net.Listener { return l },
		"tls": func(l net.Listener) net.Listener { return tls.NewListener(l, cfg) },
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, ws.Config{}, nil)
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			addr := l.Addr().String()
			hs := &http.Server{Handler: s.h}
			done := make(chan error)
			go func() { done <- hs.Serve(wrap(l)) }()
			defer func() { _, _ = hs.Close(), <-done }()
			var c net.Conn
			if name == "tls" {
				c, err = tls.Dial("tcp", addr, &tls.Config{InsecureSkipVerify: true}) // our own certificate of this second
			} else {
				c, err = net.Dial("tcp", addr)
			}
			if err != nil {
				t.Fatal(err)
			}
			chatAndKick(t, s, c)
		})
	}
}
