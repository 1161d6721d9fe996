// Command badnet puts a server behind a bad network for tests: it listens on a
// free port of the loopback, passes everything on to a server, and treats what
// comes and goes as package sim does for the link given. It says where it
// listens in its first line, and ends when its input does.
package main

import (
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"os"

	"github.com/sandlot-server/sandlot/net/sim"
)

func main() {
	to := flag.String("to", "", "the server: host:port")
	text := flag.String("net", "0ms", "the link, such as 150ms±30ms,1%")
	seed := flag.Uint64("seed", 1, "of its chance")
	flag.Parse()
	link, err := sim.Parse(*text)
	if err != nil {
		log.Fatalf("badnet: --net: %v", err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatalf("badnet: listen: %v", err)
	}
	fmt.Fprintf(os.Stdout, "http://%s\n", l.Addr())
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return // closed
			}
			*seed++
			go pass(c, *to, link, *seed)
		}
	}()
	_, _ = io.Copy(io.Discard, os.Stdin)
	_ = l.Close()
}

// pass joins a client's connection with one of its own to the server until
// either ends.
func pass(c net.Conn, to string, link sim.Link, seed uint64) {
	if !link.Perfect() {
		c = sim.Wrap(c, link, seed)
	}
	defer c.Close()
	s, err := net.Dial("tcp", to)
	if err != nil {
		return
	}
	defer s.Close()
	go func() {
		_, _ = io.Copy(s, c)
		_ = s.(*net.TCPConn).CloseWrite()
	}()
	_, _ = io.Copy(c, s)
}
