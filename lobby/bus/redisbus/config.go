package redisbus

import (
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// Config says which Redis, and how long to wait for it. Zero durations are the
// defaults named.
type Config struct {
	// URL has the form redis://user:password@host:port/db, rediss://… for TLS or
	// unix:///path/to.sock. Of a cluster its host is any of the nodes; with
	// Master it is a sentinel, while the user, the password and the database are
	// the master's. It is never logged.
	URL string
	// Nodes are further host:port: of the cluster, or of sentinels.
	Nodes []string
	// Cluster says that it is a Redis Cluster, of Redis 7 or newer.
	Cluster bool
	// Master is the name that sentinels know the master by; empty without them.
	Master string
	// SentinelPassword is what sentinels ask for; empty if nothing.
	SentinelPassword string
	// Prefix begins every key and channel; "sandlot" if empty.
	Prefix string

	Timeout time.Duration // of one call, 1 s
	Beat    time.Duration // between heartbeats, 1 s
	Silent  time.Duration // without one the subscription is made anew, 3 s
}

func (c Config) filled() Config {
	if c.Prefix == "" {
		c.Prefix = "sandlot"
	}
	if c.Timeout <= 0 {
		c.Timeout = time.Second
	}
	if c.Beat <= 0 {
		c.Beat = time.Second
	}
	if c.Silent <= 0 {
		c.Silent = 3 * time.Second
	}
	return c
}

// client makes a client of c. It connects to nothing yet.
func (c Config) client() (redis.UniversalClient, error) {
	if c.URL == "" {
		return nil, errors.New("redis url is empty")
	}
	if c.Cluster && c.Master != "" {
		return nil, errors.New("redis is a cluster or has a master that sentinels watch, not both: sentinels watch no clusters")
	}
	if len(c.Nodes) > 0 && !c.Cluster && c.Master == "" {
		return nil, errors.New("redis nodes are of a cluster or sentinels: say which, by cluster or by the master's name")
	}
	if c.SentinelPassword != "" && c.Master == "" {
		return nil, errors.New("a password of sentinels needs the master's name")
	}
	for _, n := range c.Nodes {
		if _, _, err := net.SplitHostPort(n); err != nil {
			return nil, fmt.Errorf("redis node %q is not of the form host:port", n)
		}
	}
	if c.Silent < 2*c.Beat {
		return nil, fmt.Errorf("redis silence of %v must be at least two beats of %v", c.Silent, c.Beat)
	}
	o, err := redis.ParseURL(c.URL)
	if err != nil {
		return nil, errors.New("redis url is not of the form redis://user:password@host:port/db, rediss://… or unix:///path")
	}
	if o.Network == "unix" && (c.Cluster || c.Master != "") {
		return nil, errors.New("redis clusters and sentinels are reached by host:port, not by a unix socket")
	}
	if c.Cluster && o.DB != 0 {
		return nil, fmt.Errorf("a redis cluster has only database 0, and the url asks for %d", o.DB)
	}
	u := &redis.UniversalOptions{
		Addrs:         append([]string{o.Addr}, c.Nodes...),
		IsClusterMode: c.Cluster,
		MasterName:    c.Master,

		SentinelPassword: c.SentinelPassword,

		DB:        o.DB,
		Username:  o.Username,
		Password:  o.Password,
		TLSConfig: o.TLSConfig,

		ContextTimeoutEnabled: true,
		MaxRetries:            -1,
		DialTimeout:           c.Timeout,
		DialerRetries:         1,
		ReadTimeout:           c.Timeout,
		WriteTimeout:          c.Timeout,
		PoolTimeout:           c.Timeout,
		PoolSize:              16,
		MaintNotificationsConfig: &maintnotifications.Config{
			Mode: maintnotifications.ModeDisabled,
		},
	}
	return redis.NewUniversalClient(u), nil
}
