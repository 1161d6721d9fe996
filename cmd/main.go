package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"sync"
	"syscall"

	"github.com/alecthomas/kong"
)

// Main runs the command line of this process and ends it. Games register
// themselves from their init functions, so a server with other games is a main
// that imports them and calls this.
func Main() {
	os.Exit(Run(context.Background(), os.Args[1:], os.Stdout, os.Stderr))
}

// program is what verbs run with.
type program struct {
	ctx context.Context
	out io.Writer // what was asked for
	err io.Writer // logs and complaints
	env func(string) (string, bool)
}

// cli is the command line.
type cli struct {
	Serve       serveVerb   `cmd:"" default:"withargs" help:"Serve players. This is what happens without a verb."`
	Bots        botsVerb    `cmd:"" help:"Play with many headless bots and say how it felt."`
	Token       tokenVerb   `cmd:"" help:"Print a player's token for development."`
	New         newVerb     `cmd:"" help:"Write the starting point of a game of your own."`
	Types       typesVerb   `cmd:"" help:"Print a game's types for TypeScript."`
	CheckConfig checkVerb   `cmd:"" help:"Say what is wrong with a configuration, all at once."`
	Version     versionVerb `cmd:"" help:"Print the version."`
}

// exit is what kong's own exits are turned into, so that Run returns.
type exit int

// Run runs one command line to its end and returns its exit code: 0 if all went
// well, 1 if not, 2 if the command line or the configuration is at fault. It
// ends early and in good order when ctx is done or on SIGINT or SIGTERM; a
// second signal ends the process at once, with 128 and the signal's number.
func Run(ctx context.Context, args []string, out, errOut io.Writer) (code int) {
	ctx, stop := untilSignal(ctx)
	defer stop()

	defer func() {
		if p := recover(); p != nil {
			e, ok := p.(exit)
			if !ok {
				panic(p)
			}
			code = int(e)
		}
	}()
	p := &program{ctx: ctx, out: out, err: errOut, env: os.LookupEnv}
	var c cli
	c.Serve.Plugins, c.Serve.flags = configFlags()
	c.Token.Plugins, c.Token.flags = configFlags()
	c.CheckConfig.Plugins, c.CheckConfig.flags = configFlags()
	parser, err := kong.New(&c,
		kong.Name("sandlot"),
		kong.Description("An authoritative multiplayer game server in one binary. https://github.com/sandlot-server/sandlot"),
		kong.Writers(out, errOut), kong.Exit(func(n int) { panic(exit(n)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, Tree: true, WrapUpperBound: 110}),
		kong.UsageOnError(), kong.Bind(p),
	)
	if err != nil {
		panic(err) // a mistake in the structs above
	}
	verb, err := parser.Parse(helped(args))
	if err != nil {
		fmt.Fprintf(errOut, "sandlot: %v (sandlot --help says what there is)\n", err)
		return 2
	}
	return p.finish(verb.Run(p))
}

// untilSignal is ctx until the first SIGINT or SIGTERM. What comes after that, or
// after ctx is done, ends the process, and not by being handled no more: a process
// that was started with a signal ignored, as shells do in the background, would
// ignore it again.
func untilSignal(ctx context.Context) (until context.Context, stop func()) {
	until, cancel := context.WithCancel(ctx)
	signals, over := make(chan os.Signal, 2), make(chan struct{})
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	var watch sync.WaitGroup
	watch.Go(func() {
		for {
			select {
			case s := <-signals:
				if number, _ := s.(syscall.Signal); until.Err() != nil {
					os.Exit(128 + int(number))
				}
				cancel()
			case <-over:
				return
			}
		}
	})
	return until, func() {
		signal.Stop(signals)
		close(over)
		watch.Wait()
		cancel()
	}
}

// helped lets people ask for help as they do elsewhere: "help" and "help VERB".
func helped(args []string) []string {
	if len(args) == 0 || args[0] != "help" {
		return args
	}
	return append(slices.Clone(args[1:]), "--help")
}

// finish says what went wrong and gives the exit code.
func (p *program) finish(err error) int {
	var faults Faults
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errSaid):
		return 1
	case errors.As(err, &faults):
		fmt.Fprintf(p.err, "sandlot: %v\n", err)
		return 2
	default:
		fmt.Fprintf(p.err, "sandlot: %v\n", err)
		return 1
	}
}

// errSaid fails a verb that has said why itself.
var errSaid = errors.New("failed")

func stack() string { return string(debug.Stack()) }
