package bustest

import (
	"os"
	"path/filepath"
	"testing"
)

// Redis is a redis-server of one test, on a unix socket in a folder of its own.
// It keeps nothing on disk, so that it comes back empty.
type Redis struct {
	URL string
	*Server
}

// StartRedis starts a redis-server from PATH and stops it when the test ends. A
// missing one fails the test.
func StartRedis(tb testing.TB) *Redis {
	tb.Helper()
	dir := folder(tb)
	at := filepath.Join(dir, "s")
	r := &Redis{
		URL:    "unix://" + at,
		Server: newServer(tb, "unix", at, "--port", "0", "--unixsocket", at, "--dir", dir),
	}
	r.Start()
	return r
}

// folder is removed when the test has ended and its servers have. Its path is
// short: sockets allow about 100 bytes.
func folder(tb testing.TB) string {
	tb.Helper()
	dir, err := os.MkdirTemp("", "redis")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}
