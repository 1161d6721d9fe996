package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
)

// botsReport is what a process of bots prints.
type botsReport struct {
	Connected  int
	Reconnects int
	Errors     int
	Samples    []struct{ Text string } `json:"errorSamples"`
	ComeBack   *struct {
		Count          int
		P50, P99, Last float64
		In100          int   `json:"mostIn100Ms"`
		Per            []int `json:"per250Ms"`
	} `json:"comeBackMs"`
}

// bots is this program in the role of sandlot bots.
type bots struct {
	cmd  *exec.Cmd
	out  bytes.Buffer
	err  tail
	done chan struct{} // closed when they have ended
}

func startBots(ctx context.Context, args []string) (*bots, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	b := &bots{cmd: exec.CommandContext(ctx, self, append([]string{"bots", "--json"}, args...)...), done: make(chan struct{})}
	b.cmd.Stdout, b.cmd.Stderr = &b.out, &b.err
	if err := onCore(1, b.cmd.Start); err != nil {
		return nil, fmt.Errorf("start bots: %w", err)
	}
	go func() {
		defer close(b.done)
		_ = b.cmd.Wait() // not 0 if anything went wrong, which is in the report
	}()
	return b, nil
}

// stop ends them.
func (b *bots) stop() {
	_ = b.cmd.Process.Kill()
	<-b.done
}

// report waits for their end.
func (b *bots) report() (r botsReport, err error) {
	<-b.done
	if err := json.Unmarshal(b.out.Bytes(), &r); err != nil {
		return r, fmt.Errorf("what the bots printed: %w: %s", err, b.err.String())
	}
	return r, nil
}
