package cmd_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/cmd"
	"github.com/sandlot-server/sandlot/cmd/cmdtest"
	"github.com/sandlot-server/sandlot/net/client"
	"github.com/sandlot-server/sandlot/net/ws/dial"
)

// certificate makes one for this machine and returns the files and a pool that
// trusts it.
func certificate(t *testing.T) (cert, key string, pool *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalECPrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	save := func(name, kind string, der []byte) string {
		var b bytes.Buffer
		if err := pem.Encode(&b, &pem.Block{Type: kind, Bytes: der}); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool = x509.NewCertPool()
	pool.AddCert(parsed)
	return save("cert.pem", "CERTIFICATE", der), save("key.pem", "EC PRIVATE KEY", keyDER), pool
}

func TestPlayOverTLS(t *testing.T) {
	cert, key, pool := certificate(t)
	s := cmdtest.Start(t, func(c *cmd.Config) { c.TLS.CertFile, c.TLS.KeyFile = cert, key })
	if !strings.HasPrefix(s.URL, "https://") || len(s.Ready().Warnings) != 0 {
		t.Errorf("%s, %q", s.URL, s.Ready().Warnings)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{RootCAs: pool}
	defer transport.CloseIdleConnections()
	h := &http.Client{Transport: transport, Timeout: patience}
	api := &client.API{URL: s.URL, HTTP: h}
	guest, err := api.Guest(t.Context(), "ann")
	if err != nil {
		t.Fatal(err)
	}
	api.Token = guest.Token
	joined, err := api.QuickPlay(t.Context(), "arena")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(joined.URL, "wss://127.0.0.1:") {
		t.Errorf("the socket's address is %s", joined.URL)
	}
	states := make(chan int, 1)
	c, err := client.Dial(t.Context(), client.Options{
		URL: s.URL, Token: guest.Token, Joined: joined, HTTP: h,
		Dial: func(ctx context.Context, o dial.Options) (client.Socket, error) {
			o.TLS = &tls.Config{RootCAs: pool}
			c, err := dial.Dial(ctx, o)
			if err != nil {
				return nil, err
			}
			return c, nil
		},
		OnState: func(c *client.Client) {
			select {
			case states <- c.Mirror().Table("ships").Len():
			default:
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { c.Close(); <-c.Done() }()
	wait(t, "states over TLS", states, func(ships int) bool { return ships > 1 })
}

func TestABadCertificateIsRefusedAtTheStart(t *testing.T) {
	cert, _, _ := certificate(t)
	_, key, _ := certificate(t)
	c := cmdtest.Config(t)
	c.TLS.CertFile, c.TLS.KeyFile = cert, key
	if _, err := cmd.New(c, nil); err == nil || !strings.Contains(err.Error(), "read the certificate") {
		t.Errorf("a key that does not fit: %v", err)
	}
	c.TLS.KeyFile = filepath.Join(t.TempDir(), "absent.pem")
	if _, err := cmd.New(c, nil); err == nil || !strings.Contains(err.Error(), "tls.key_file") {
		t.Errorf("a key that is not there: %v", err)
	}
}

// Where no certificate could be kept none is got: that is said at the start.
func TestFolderOfCertificatesMustBeWritable(t *testing.T) {
	c := cmdtest.Config(t)
	c.TLS.Domains, c.TLS.CacheDir = []string{"play.example.com"}, filepath.Join(write(t, ""), "below a file")
	if _, err := cmd.New(c, nil); err == nil || !strings.Contains(err.Error(), "set tls.cache_dir or data_dir") {
		t.Errorf("%v", err)
	}
}
