package cmd_test

import (
	"context"
	"crypto/tls"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/cmd"
	"github.com/sandlot-server/sandlot/cmd/cmdtest"
	"github.com/sandlot-server/sandlot/lobby/bus/bustest"
	"github.com/sandlot-server/sandlot/net/client"
	"github.com/sandlot-server/sandlot/net/ws/dial"
)

// Instances that speak TLS believe each other by the site's certificate, whoever
// signed it: they ask each other, and pass players through.
func TestInstancesOverTLS(t *testing.T) {
	t.Parallel()
	cert, key, pool := certificate(t)
	redis := bustest.StartRedis(t)
	start := func(name string) *cmdtest.Server {
		return cmdtest.Start(t, func(c *cmd.Config) {
			c.TLS.CertFile, c.TLS.KeyFile, c.Redis.URL, c.Instance, c.PublicURL = cert, key, redis.URL, name, "https://localhost"
			c.Redis.Beat, c.Redis.Lease, c.Queue.Region = 100*time.Millisecond, 400*time.Millisecond, name
		})
	}
	one, two := start("one"), start("two")
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{RootCAs: pool}
	t.Cleanup(transport.CloseIdleConnections)
	api := &client.API{URL: one.URL, HTTP: &http.Client{Transport: transport, Timeout: patience}}
	guest, err := api.Guest(t.Context(), "ann")
	if err != nil {
		t.Fatal(err)
	}
	api.Token = guest.Token
	yes := true
	var joined *client.Joined
	until(t, "a lobby asked for at one is made at two", func() bool {
		joined, err = api.Create(t.Context(), client.CreateOptions{Game: "arena", Bots: &yes, Region: "two"})
		return err == nil && joined.Lobby.Instance == "two"
	})
	joined.URL = "ws" + strings.TrimPrefix(one.URL, "http") + "/v1/ws?lobby=" + joined.Lobby.ID
	c, err := client.Dial(t.Context(), client.Options{
		URL: one.URL, Token: guest.Token, Joined: joined, HTTP: api.HTTP,
		Dial: func(ctx context.Context, o dial.Options) (client.Socket, error) {
			o.TLS = &tls.Config{RootCAs: pool}
			s, err := dial.Dial(ctx, o)
			if err != nil {
				return nil, err
			}
			return s, nil
		},
	})
	if err != nil {
		t.Fatalf("%v\n%s", err, two.Log())
	}
	if w := c.Welcome(); w.Instance != "two" {
		t.Errorf("welcomed by %s", w.Instance)
	}
	c.Close()
	<-c.Done()
}
