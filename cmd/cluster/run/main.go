// The command cluster runs several instances as one on this machine, with Redis
// and nginx: for people to look at, or under bots while parts of it are killed.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"github.com/sandlot-server/sandlot/cmd/cluster"
	_ "github.com/sandlot-server/sandlot/game/arena"
)

type program struct {
	ctx context.Context
	out io.Writer
}

type cli struct {
	Up    upVerb    `cmd:"" default:"withargs" help:"Start it, say what to open, and stop it on Ctrl-C."`
	Bench benchVerb `cmd:"" help:"Bots on three instances and on one, each with one instance killed on the way; prints a table."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	p := &program{ctx: ctx, out: os.Stdout}
	verb := kong.Parse(&cli{}, kong.Name("cluster"), kong.Bind(p), kong.UsageOnError(), kong.Vars{"sandlot": sandlot()})
	if err := verb.Run(p); err != nil {
		fmt.Fprintln(os.Stderr, "cluster:", err)
		os.Exit(1)
	}
}

// sandlot is the binary beside this one.
func sandlot() string {
	own, err := os.Executable()
	if err != nil {
		return "sandlot"
	}
	return filepath.Join(filepath.Dir(own), "sandlot")
}

type upVerb struct {
	Program   string `default:"${sandlot}" help:"The sandlot binary."`
	Listen    string `default:"127.0.0.1:7777" help:"Where players come in."`
	Instances int    `default:"3" help:"1 to 3."`
	Advertise bool   `help:"Players are sent to the instance of their lobby, instead of being passed through to it."`
}

// Run starts everything and waits for the end.
func (v *upVerb) Run(p *program) error {
	began := time.Now()
	c, err := cluster.Start(cluster.Options{Program: v.Program, Instances: v.Instances, Listen: v.Listen, Advertise: v.Advertise})
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "\nOne Sandlot of %d instances, with Redis and nginx, after %.1f s\n\n  Play:    %s\n", v.Instances, time.Since(began).Seconds(), c.URL)
	for _, i := range c.Instances {
		fmt.Fprintf(p.out, "  %-8s %s  admin %s  (process %d)\n", i.Name+":", i.URL, i.AdminURL, i.Process())
	}
	fmt.Fprintf(p.out, "  Try:     kill -9 a process, and play on; kill it, and watch it drain\n  Stop:    Ctrl-C\n\n")
	<-p.ctx.Done()
	fmt.Fprintln(p.out, "\nStopping.")
	if err := c.Stop(); err != nil {
		return err
	}
	fmt.Fprintln(p.out, "Stopped.")
	return nil
}
