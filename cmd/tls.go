package cmd

import (
	"crypto/tls"
	"errors"
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
func (c *Config) tlsConfig(log logger) (*tls.Config, error) {
	if len(c.TLS.Domains) > 0 {
		m := &autocert.Manager{
			Prompt: autocert.AcceptTOS, Cache: autocert.DirCache(c.cacheDir()), Email: c.TLS.Email,
			HostPolicy: autocert.HostWhitelist(c.TLS.Domains...),
		}
		return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: m.GetCertificate, NextProtos: []string{"http/1.1", acme.ALPNProto}}, nil
	}
	if c.TLS.CertFile == "" {
		return nil, nil
	}
	files := &certFiles{cert: c.TLS.CertFile, key: c.TLS.KeyFile, log: log}
	if _, err := files.get(nil); err != nil {
		return nil, err
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: files.get, NextProtos: []string{"http/1.1"}}, nil
}

// cacheDir is where certificates that were got for tls.domains are kept.
func (c *Config) cacheDir() string {
	if c.TLS.CacheDir != "" {
		return c.TLS.CacheDir
	}
	return filepath.Join(c.dataDir(), "certificates")
}

// makeCache makes that folder and sees that it can be written to: without it no
// certificate is got, and all that players see is that no connection comes about.
func (c *Config) makeCache() error {
	if len(c.TLS.Domains) == 0 {
		return nil
	}
	dir := c.cacheDir()
	err := os.MkdirAll(dir, 0o700)
	if err == nil {
		var probe *os.File
		if probe, err = os.CreateTemp(dir, ".probe-*"); err == nil {
			err = errors.Join(probe.Close(), os.Remove(probe.Name()))
		}
	}
	if err != nil {
		return fmt.Errorf("make the folder of certificates: %w (set tls.cache_dir or data_dir to where this program may write)", err)
	}
	return nil
}

// certFiles is a certificate that is read anew when its file has changed, looked
// at once a minute, so that a renewal needs no restart.
type certFiles struct {
	cert, key string
	log       logger

	mu      sync.Mutex
	looked  time.Time
	changed time.Time
	have    *tls.Certificate
	fault   string // what kept it from being read anew; "": nothing
}

// get gives the newest that could be read: while half of a renewal is there, that
// is the old one.
func (f *certFiles) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := time.Now()
	if f.have != nil && now.Sub(f.looked) < time.Minute {
		return f.have, nil
	}
	f.looked = now
	err := f.read()
	if f.have == nil {
		return nil, fmt.Errorf("read the certificate: %w", err)
	}
	fault := ""
	if err != nil {
		fault = err.Error()
	}
	if fault != f.fault && fault != "" {
		f.log.Warn("the new certificate cannot be read: the old one is shown on", "err", err, "until", f.have.Leaf.NotAfter)
	}
	f.fault = fault
	return f.have, nil
}

// read reads both files if that of the certificate has changed.
func (f *certFiles) read() error {
	info, err := os.Stat(f.cert)
	if err != nil || f.have != nil && info.ModTime().Equal(f.changed) {
		return err
	}
	pair, err := tls.LoadX509KeyPair(f.cert, f.key)
	if err != nil {
		return err
	}
	if f.have != nil {
		f.log.Info("there is a new certificate", "until", pair.Leaf.NotAfter)
	}
	f.have, f.changed = &pair, info.ModTime()
	return nil
}
