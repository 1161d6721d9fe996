package cmd_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/cmd"
)

var update = flag.Bool("update", false, "write config.toml from the defaults")

const shipped = "../config.toml"

func TestShippedFileHoldsTheDefaults(t *testing.T) {
	c := cmd.Default()
	var want bytes.Buffer
	if err := c.WriteTOML(&want); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(shipped, want.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(shipped)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want.Bytes()) {
		t.Error("config.toml is not what the defaults say; go test ./cmd -run Shipped -update")
	}
	loaded, err := cmd.Load(cmd.Sources{File: shipped})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(loaded, cmd.Default()) {
		t.Errorf("config.toml loads as\n%+v\nand the defaults are\n%+v", loaded, cmd.Default())
	}
}

// A Redis that hangs is noticed before spectators elsewhere could take the home for
// gone: they wait for nearly a lease less a beat, and a heartbeat may be on its
// way for as long as a call.
func TestShippedSilenceIsNoticedBeforeALease(t *testing.T) {
	r := cmd.Default().Redis
	if noticed, gone := r.Silent+2*r.Timeout, r.Lease-r.Beat-500*time.Millisecond; noticed >= gone {
		t.Errorf("a silent Redis is noticed after up to %v, and a home is taken for gone after %v", noticed, gone)
	}
}

func TestEveryFaultIsNamedAtOnce(t *testing.T) {
	file := write(t, `
listen = "nowhere"
colour = "red"
origins = ["example.com"]

[log]
level = "loud"
formt = "json"

[limits]
ping = "1 minute"
idle = 5
frame_rate = 0.5

[lobby]
hold = "1h"
secret = "x"
`)
	_, err := cmd.Load(cmd.Sources{
		File:  file,
		Env:   env(map[string]string{"SANDLOT_LOBBY_MAX": "many", "SANDLOT_UNHEARD_OF": "1"}),
		Flags: map[string]string{"auth-guests": "perhaps"},
	})
	var faults cmd.Faults
	if !errors.As(err, &faults) {
		t.Fatalf("got %v, want Faults", err)
	}
	for _, want := range []string{
		`config.toml:2: listen: must be an address like`,
		`config.toml:3: colour: no such key`,
		`config.toml:4: origins: must hold origins like`,
		`config.toml:7: log.level: must be one of debug, info, warn, error, not "loud"`,
		`config.toml:8: log.formt: no such key; did you mean log.format?`,
		`config.toml:11: limits.ping: must be a time like`,
		`config.toml:12: limits.idle: must be a time like`,
		`config.toml:13: limits.frame_rate: must be from 1 to 1000, not 0.5`,
		`config.toml:16: lobby.hold: must be from 100ms to 10m, not "1h"`,
		`config.toml:17: lobby.secret: no such key; did you mean auth.secret?`,
		`SANDLOT_LOBBY_MAX: lobby.max: must be a whole number, not "many"`,
		`--auth-guests: auth.guests: must be true or false, not "perhaps"`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("missing %q", want)
		}
	}
	if len(faults) != 12 {
		t.Errorf("%d faults, want 12:\n%v", len(faults), err)
	}
}

func TestNotTOMLNamesTheLine(t *testing.T) {
	_, err := cmd.Load(cmd.Sources{File: write(t, "listen = \":1\"\n[log\n")})
	if err == nil || !strings.Contains(err.Error(), "config.toml:2:") || !strings.Contains(err.Error(), "not TOML") {
		t.Errorf("got %v", err)
	}
	if _, err := cmd.Load(cmd.Sources{File: "absent.toml"}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("an absent file gives %v", err)
	}
}

func TestStrongerSourcesWin(t *testing.T) {
	file := write(t, "listen = \":1001\"\nadmin_listen = \"127.0.0.1:1002\"\n[log]\nformat = \"json\"\nlevel = \"rubbish\"\n[auth]\nexternal.issuer = \"elsewhere\"\nexternal.audience = \"us\"\nexternal.secret = \"01234567890123456789012345678901\"")
	c, err := cmd.Load(cmd.Sources{
		File: file,
		Env: env(map[string]string{
			"SANDLOT_LISTEN": ":2001", "SANDLOT_ADMIN_LISTEN": "127.0.0.1:2002", "SANDLOT_LOG_LEVEL": "warn",
			"SANDLOT_AUTH_EXTERNAL_AUDIENCE": "them", "SANDLOT_ORIGINS": "https://a.example,https://b.example",
			"SANDLOT_LIMITS_SHUTDOWN": "3s",
		}),
		Flags: map[string]string{"listen": ":3001", "behind-tls-proxy": "true"},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := cmd.Default()
	want.Listen, want.AdminListen, want.BehindTLSProxy = ":3001", "127.0.0.1:2002", true
	want.Log = cmd.LogConfig{Level: "warn", Format: "json"}
	want.Origins = []string{"https://a.example", "https://b.example"}
	want.Auth.External = cmd.ExternalConfig{Issuer: "elsewhere", Audience: "them", Secret: "01234567890123456789012345678901"}
	want.Limits.Shutdown = 3 * time.Second
	if !reflect.DeepEqual(c, want) {
		t.Errorf("got\n%+v\nwant\n%+v", c, want)
	}
}

func TestRefusals(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*cmd.Config)
		want   string
	}{
		"cluster with sentinels": {func(c *cmd.Config) {
			c.Redis.URL, c.Redis.Cluster, c.Redis.Master = "redis://127.0.0.1:6379", true, "m"
		}, "redis.master"},
		"cluster with a database": {func(c *cmd.Config) {
			c.Redis.URL, c.Redis.Cluster = "redis://127.0.0.1:6379/2", true
		}, "redis.url"},
		"nodes of what": {func(c *cmd.Config) {
			c.Redis.URL, c.Redis.Nodes = "redis://127.0.0.1:6379", []string{"127.0.0.1:6380"}
		}, "redis.nodes"},
		"cluster nowhere":        {func(c *cmd.Config) { c.Redis.Cluster = true }, "redis.url"},
		"redis without a scheme": {func(c *cmd.Config) { c.Redis.URL = "//127.0.0.1:6379" }, "redis.url"},
		"redis without a key": {func(c *cmd.Config) { c.Redis.URL = "redis://127.0.0.1:6379/0" },
			"instances that share a Redis must share the key that signs tokens: set auth.secret or auth.secret_file, the same on all"},
		"open admin port":      {func(c *cmd.Config) { c.AdminListen = ":7778" }, "admin_token must be set"},
		"short admin token":    {func(c *cmd.Config) { c.AdminToken = "12345" }, "at least 16 characters"},
		"weak secret":          {func(c *cmd.Config) { c.Auth.Secret = "hunter2" }, "at least 32 bytes"},
		"weak previous secret": {func(c *cmd.Config) { c.Auth.Previous = []string{"hunter2"} }, "at least 32 bytes"},
		"half a certificate":   {func(c *cmd.Config) { c.TLS.CertFile = "cert.pem" }, "needs tls.key_file"},
		"two external keys": {func(c *cmd.Config) {
			c.Auth.External = cmd.ExternalConfig{Issuer: "a", Audience: "b", Secret: strings.Repeat("x", 32), JWKSURL: "https://x.example/keys"}
		}, "takes one of secret, key_file and jwks_url"},
		"external without issuer": {func(c *cmd.Config) { c.Auth.External.Secret = strings.Repeat("x", 32) }, "must be set"},
		"external like us": {func(c *cmd.Config) {
			c.Auth.External = cmd.ExternalConfig{Issuer: "sandlot", Audience: "b", Secret: strings.Repeat("x", 32)}
		}, "must differ from auth.issuer"},
		"dead before ping": {func(c *cmd.Config) { c.Limits.Dead = c.Limits.Ping }, "longer than limits.ping"},
		"bad public url":   {func(c *cmd.Config) { c.PublicURL = "play.example.com" }, "must be a URL like"},
		"bad proxy":        {func(c *cmd.Config) { c.TrustedProxies = []string{"10.0.0.0/99"} }, "must hold addresses or networks"},
		"short lease":      {func(c *cmd.Config) { c.Redis.Lease = c.Redis.Beat }, "at least three times"},
	} {
		t.Run(name, func(t *testing.T) {
			c := cmd.Default()
			tc.change(&c)
			if err := c.Validate(); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
	c := cmd.Default()
	if err := c.Validate(); err != nil {
		t.Errorf("the defaults are refused: %v", err)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte("listen = \":1\"\n[log]\nlevel = \"info\"\n"))
	f.Add([]byte("auth = { external = { issuer = \"x\" } }\n[[lobby]]\nhold = 1\n"))
	f.Add([]byte("\"a.b\".c = 1\nlimits.ping = nan\nredis = [1]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		file := filepath.Join(t.TempDir(), "config.toml")
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := cmd.Load(cmd.Sources{File: file})
		if err == nil && c.Validate() != nil {
			t.Error("loaded, yet not valid")
		}
	})
}

func write(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func env(m map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) { v, ok := m[name]; return v, ok }
}
