package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"strconv"

	"golang.org/x/sys/unix"

	"github.com/sandlot-server/sandlot/cmd"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := start(ctx, os.Args[1:]); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// start takes one of this program's four roles: Sandlot under test, bots beside
// those who are measured, the bare reference, or (without a word) the measurement
// that runs them.
func start(ctx context.Context, args []string) error {
	if len(args) > 0 && args[0] == "serve" {
		registerGames()
		if err := serveLateness(os.Getenv(latenessEnv)); err != nil {
			return err
		}
		cmd.Main()
		return nil
	}
	if len(args) > 0 && args[0] == "bots" {
		registerGames()
		cmd.Main()
		return nil
	}
	if len(args) == 3 && args[0] == "reference" {
		size, err := strconv.Atoi(args[2])
		if err != nil {
			return err
		}
		l, err := net.Listen("tcp", args[1])
		if err != nil {
			return err
		}
		return serveReference(ctx, l, size, benchRate)
	}
	p, err := parsePlan(args)
	if err != nil {
		return err
	}
	if err := raiseFileLimit(); err != nil {
		return err
	}
	if err := keepOff(0); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, p.limit)
	defer cancel()
	return p.run(ctx)
}

// raiseFileLimit lets this process and those it starts open a file for each of
// thousands of connections.
func raiseFileLimit() error {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return err
	}
	limit.Cur = limit.Max
	return unix.Setrlimit(unix.RLIMIT_NOFILE, &limit)
}
