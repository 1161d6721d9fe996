// Package clean is a game's source in which nothing is to be found.
package clean

import (
	"maps"
	"math/rand/v2"
	"slices"
	"time"
)

var costs = map[string]int{"a": 1, "b": 2}

var names []string

var total int

func init() {
	names = append(names, "a")
	total++
}

const second = time.Second

// Pick uses chance that it is given, and what is only read.
func Pick(r *rand.Rand) (int, time.Duration) {
	own := rand.New(rand.NewPCG(1, 2))
	keys := slices.Sorted(maps.Keys(costs)) //gametest:ok they are sorted
	//gametest:ok a sum does not depend on the order
	for _, c := range costs {
		total := c
		total++
	}
	local := map[string]int{}
	local["a"]++
	for i := range keys {
		local[keys[i]] = costs[keys[i]]
	}
	return r.IntN(6) + own.IntN(6) + local[names[0]] + total, second
}
