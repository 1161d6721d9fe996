// Package hostile attacks a running Sandlot: the shipped program in a process of
// its own, over real sockets, with frames and requests made by hand. All of it is
// tests. Each line of its tables is an input with the answer that is expected;
// run with -v, it ends with the table of what came.
//
//	go test -race -v ./cmd/hostile
//
// The program under attack is testdata/victim: Sandlot with its bundled games and
// one more, which misbehaves when told to.
package hostile
