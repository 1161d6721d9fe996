package redisbus

import (
	"context"
	"sync"

	"github.com/redis/go-redis/v9"
)

// silence keeps go-redis from writing to standard error, for the whole process:
// every fault comes to us as an error, too, and is logged or counted once.
var silence = sync.OnceFunc(func() { redis.SetLogger(nowhere{}) })

type nowhere struct{}

func (nowhere) Printf(context.Context, string, ...any) {}
