package sim_test

import (
	"fmt"

	"github.com/sandlot-server/sandlot/net/sim"
)

func ExampleParse() {
	l, err := sim.Parse("150ms+-30ms, 1%, 64KB/s, outage=5s/1m")
	fmt.Println(l, err)
	_, err = sim.Parse("150ms,drop=3")
	fmt.Println(err)
	// Output:
	// 150ms±30ms,1%,64KB/s,outage=5s/1m0s <nil>
	// network "150ms,drop=3": "drop=3": there is no "drop"; there are cut, hang and outage
}
