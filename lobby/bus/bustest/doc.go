// Package bustest is the suite that every bus.Bus and bus.Store passes, and the
// real Redis that tests run against.
package bustest
