package cmd

import (
	"crypto/tls"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// encrypted says whether the public port speaks TLS itself.
func (c *Config) encrypted() bool { return c.TLS.CertFile != "" || len(c.TLS.Domains) > 0 }

// tlsConfig is nil where the public port speaks plainly. HTTP/2 is not offered:
// a WebSocket needs a connection of its own.
func (c *Config) tlsConfig() (*tls.Config, error) {
	if len(c.TLS.Domains) > 0 {
		dir := c.TLS.CacheDir
		if dir == "" {
			dir = filepath.Join(c.dataDir(), "certificates")
		}
		m := &autocert.Manager{
			Prompt: autocert.AcceptTOS, Cache: autocert.DirCache(dir), Email: c.TLS.Email,
			HostPolicy: autocert.HostWhitelist(c.TLS.Domains...),
		}
		return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: m.GetCertificate, NextProtos: []string{"http/1.1", acme.ALPNProto}}, nil
	}
	if c.TLS.CertFile == "" {
		return nil, nil
	}
	files := &certFiles{cert: c.TLS.CertFile, key: c.TLS.KeyFile}
	if _, err := files.get(nil); err != nil {
		return nil, err
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: files.get, NextProtos: []string{"http/1.1"}}, nil
}

// certFiles is a certificate that is read anew when its file has changed, looked
// at once a minute, so that a renewal needs no restart.
type certFiles struct {
	cert, key string

	mu      sync.Mutex
	looked  time.Time
	changed time.Time
	have    *tls.Certificate
}

func (f *certFiles) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := time.Now()
	if f.have != nil && now.Sub(f.looked) < time.Minute {
		return f.have, nil
	}
	f.looked = now
	info, err := os.Stat(f.cert)
	if err == nil && f.have != nil && info.ModTime().Equal(f.changed) {
		return f.have, nil
	}
	if err == nil {
		var pair tls.Certificate
		if pair, err = tls.LoadX509KeyPair(f.cert, f.key); err == nil {
			f.have, f.changed = &pair, info.ModTime()
		}
	}
	if f.have != nil {
		return f.have, nil // half a renewal: the old one serves until the new is whole
	}
	return nil, fmt.Errorf("read the certificate: %w", err)
}
