package cmd

import (
	"math"
	"os"
	"path"
	"runtime/debug"
	gauges "runtime/metrics"
	"strconv"
	"strings"
	"sync"
	"time"
)

// memory says when there is too little of it for more lobbies. Safe for
// concurrent use.
type memory struct {
	limit uint64 // bytes; 0: none
	share float64

	mu     sync.Mutex
	looked time.Time
	used   uint64
}

// newMemory reads the limit: GOMEMLIMIT, or nine tenths of the container's, which
// the collector is then told to keep to.
func newMemory(share float64) *memory {
	m := &memory{share: share}
	limit := debug.SetMemoryLimit(-1)
	if group := cgroupLimit("/proc/self/cgroup", "/sys/fs/cgroup"); limit == math.MaxInt64 && group > 0 {
		limit = group / 10 * 9
		debug.SetMemoryLimit(limit)
	}
	if limit < math.MaxInt64 {
		m.limit = uint64(limit)
	}
	return m
}

// cgroupLimit is the least limit of this process's control groups (version 2) in
// bytes, 0 if there is none or it cannot be known.
func cgroupLimit(self, root string) (least int64) {
	b, err := os.ReadFile(self)
	if err != nil {
		return 0
	}
	group, ok := strings.CutPrefix(strings.TrimSpace(string(b)), "0::")
	if !ok {
		return 0
	}
	for at := path.Clean("/" + group); ; at = path.Dir(at) {
		b, err := os.ReadFile(path.Join(root, at, "memory.max"))
		if n, bad := strconv.ParseInt(strings.TrimSpace(string(b)), 10, 64); err == nil && bad == nil && (least == 0 || n < least) {
			least = n
		}
		if at == "/" {
			return least
		}
	}
}

// inUse is what the collector could not free when it ran last, and what is not the
// heap: what the limit is about, without the garbage that is free to come and go.
func inUse() uint64 {
	s := []gauges.Sample{
		{Name: "/gc/heap/live:bytes"},
		{Name: "/memory/classes/heap/stacks:bytes"},
		{Name: "/memory/classes/metadata/mspan/inuse:bytes"},
		{Name: "/memory/classes/metadata/other:bytes"},
		{Name: "/memory/classes/os-stacks:bytes"},
		{Name: "/memory/classes/other:bytes"},
	}
	gauges.Read(s)
	var sum uint64
	for _, one := range s {
		if one.Value.Kind() == gauges.KindUint64 {
			sum += one.Value.Uint64()
		}
	}
	return sum
}

// crowded says whether more than the configured share is in use. It looks at most
// ten times a second.
func (m *memory) crowded() bool {
	if m.limit == 0 {
		return false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if now := time.Now(); now.Sub(m.looked) > 100*time.Millisecond {
		m.looked, m.used = now, inUse()
	}
	return float64(m.used) > m.share*float64(m.limit)
}
