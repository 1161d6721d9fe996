package cmd

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A certificate that is replaced under a running server is shown to who comes from
// a minute later on; who is connected stays. Half a renewal changes nothing, and is
// said once.
func TestRenewedCertificateIsShown(t *testing.T) {
	dir := t.TempDir()
	c := Default()
	c.TLS.CertFile, c.TLS.KeyFile = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	var age time.Duration
	put := func(file string, content []byte) {
		t.Helper()
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
		age += time.Second
		if at := time.Unix(0, 0).Add(age); os.Chtimes(file, at, at) != nil {
			t.Fatal("no time is set")
		}
	}
	cert, key := pairFor(t, "old")
	put(c.TLS.CertFile, cert)
	put(c.TLS.KeyFile, key)
	synctest.Test(t, func(t *testing.T) {
		var said bytes.Buffer
		conf, err := c.tlsConfig(slog.New(slog.NewTextHandler(&said, nil)))
		if err != nil {
			t.Fatal(err)
		}
		first, shown := handshake(t, conf)
		if shown != "old" {
			t.Fatalf("%s is shown", shown)
		}
		cert, key := pairFor(t, "new")
		put(c.TLS.CertFile, cert)
		for range 3 {
			<-time.After(time.Minute)
			if _, shown := handshake(t, conf); shown != "old" {
				t.Errorf("with half a renewal %s is shown", shown)
			}
		}
		if text := said.String(); strings.Count(text, "the old one is shown on") != 1 {
			t.Errorf("of half a renewal it says %q", text)
		}
		put(c.TLS.KeyFile, key)
		if _, shown := handshake(t, conf); shown != "old" {
			t.Errorf("%s is shown before the minute is over", shown)
		}
		<-time.After(time.Minute)
		if _, shown := handshake(t, conf); shown != "new" {
			t.Errorf("a minute after the renewal %s is shown", shown)
		}
		if text := said.String(); !strings.Contains(text, "there is a new certificate") {
			t.Errorf("of the renewal it says %q", text)
		}
		first()
	})
}

// handshake opens a connection and says whose certificate was shown; works fails if
// the connection is no good any more.
func handshake(t *testing.T, conf *tls.Config) (works func(), shown string) {
	t.Helper()
	near, far := net.Pipe()
	t.Cleanup(func() { _, _ = near.Close(), far.Close() })
	server := tls.Server(far, conf)
	go func() { _, _ = io.Copy(server, server) }()
	client := tls.Client(near, &tls.Config{InsecureSkipVerify: true})
	if err := client.Handshake(); err != nil {
		t.Fatal(err)
	}
	return func() {
		t.Helper()
		got := make([]byte, 5)
		if _, err := client.Write([]byte("hello")); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(client, got); err != nil || string(got) != "hello" {
			t.Errorf("an older connection says %q, %v", got, err)
		}
	}, client.ConnectionState().PeerCertificates[0].DNSNames[0]
}

// pairFor makes a certificate for a name and its key.
func pairFor(t *testing.T, name string) (cert, key []byte) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{name}, NotAfter: time.Now().AddDate(50, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalECPrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: keyDER})
}
