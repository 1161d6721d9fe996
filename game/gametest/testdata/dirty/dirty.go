// Package dirty does all that games must not.
package dirty

import (
	"crypto/rand"
	"maps"
	mrand "math/rand/v2"
	"os"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sandlot-server/sandlot/game/gametest/testdata/dirty/helper"
)

var started = time.Now() // want "time.Now"

var (
	count  int
	total  atomic.Int64
	table  = map[string]int{}
	matrix [2][2]int
	point  struct{ x int }
	ptr    = new(int)
	lock   sync.Mutex
)

// Clock reads time in all ways.
func Clock() {
	f := time.Since         // want "time.Since"
	time.Sleep(time.Second) // want "time.Sleep"
	_ = f(started)
	_ = helper.Now()
}

// Chance is not the match's.
func Chance() int {
	var b [1]byte
	rand.Read(b[:])                                      // want "crypto/rand.Read"
	mrand.Shuffle(2, func(int, int) {})                  // want "math/rand/v2.Shuffle"
	if os.Getenv("X") != "" || int(b[0]) > mrand.Int() { // want "os.Getenv" "math/rand/v2.Int"
		return 1
	}
	return 0
}

// Order depends on maps.
func Order[M ~map[int]V, V any](m M) {
	for range table { // want "range over a map"
	}
	for k := range m { // want "range over a map"
		_ = k
	}
	for range maps.Keys(table) { // want "maps.Keys"
	}
	var s sync.Map
	s.Range(func(any, any) bool { return true }) // want "(sync.Map).Range"
	_ = reflect.ValueOf(table).MapKeys()         // want "(reflect.Value).MapKeys"
	for range table {                            //gametest:ok
		// want-above "range over a map"
	}
}

// Concurrency is not for games.
func Concurrency(c chan int) {
	go Clock() // want "go statement"
	c <- 1     // want "send on a channel"
	<-c        // want "receive from a channel"
	select {   // want "select statement"
	default:
	}
	for range c { // want "range over a channel"
	}
	close(c) // want "close of a channel"
}

// Globals are shared by matches.
func Globals() {
	count++               // want "variable count"
	count += 2            // want "variable count"
	total.Add(1)          // want "variable total"
	table["a"] = 1        // want "variable table"
	delete(table, "a")    // want "variable table"
	matrix[0][1] = 1      // want "variable matrix"
	point.x = 1           // want "variable point"
	*ptr = 1              // want "variable ptr"
	p := &count           // want "variable count"
	lock.Lock()           // want "variable lock"
	helper.Shared.N = *p  // want "variable Shared"
	for count = range 3 { // want "variable count"
	}
	clear(table) // want "variable table"
}
