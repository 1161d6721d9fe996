// Package helper is imported by the dirty one.
package helper

import "time"

// Now reads the clock.
func Now() int64 { return time.Now().UnixNano() } // want "time.Now"

// Shared is changed by others.
var Shared struct{ N int }
