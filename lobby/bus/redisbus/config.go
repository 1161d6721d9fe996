package redisbus

import (
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// Config says which Redis, and how long to wait for it. Zero durations are the
// defaults named.
type Config struct {
	// URL has the form redis://user:password@host:port/db, rediss://… for TLS or
	// unix:///path/to.sock. It is never logged.
	URL string
	// Nodes are further host:port of a cluster, or the sentinels if Master is set.
	Nodes []string
	// Master is the name of the Sentinel master; empty without Sentinel.
	Master string
	// Prefix begins every key and channel; "sandlot" if empty.
	Prefix string

	Timeout time.Duration // of one call, 1 s
	Beat    time.Duration // between heartbeats, 1 s
	Silent  time.Duration // without one the subscription is made anew, 4 s
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
		c.Silent = 4 * time.Second
	}
	return c
}

// client makes a client of c. It connects to nothing yet.
func (c Config) client() (redis.UniversalClient, error) {
	if c.URL == "" {
		return nil, errors.New("redis url is empty")
	}
	if c.Silent < 2*c.Beat {
		return nil, fmt.Errorf("redis silence of %v must be at least two beats of %v", c.Silent, c.Beat)
	}
	o, err := redis.ParseURL(c.URL)
	if err != nil {
		return nil, errors.New("redis url is not of the form redis://user:password@host:port/db, rediss://… or unix:///path")
	}
	u := &redis.UniversalOptions{
		Addrs:      append([]string{o.Addr}, c.Nodes...),
		MasterName: c.Master,
		DB:         o.DB,
		Username:   o.Username,
		Password:   o.Password,
		TLSConfig:  o.TLSConfig,

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
