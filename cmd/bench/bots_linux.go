package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"syscall"
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
	cmd *exec.Cmd
	out bytes.Buffer
	err tail
}

func startBots(ctx context.Context, args []string) (*bots, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	b := &bots{cmd: exec.CommandContext(ctx, self, append([]string{"bots", "--json"}, args...)...)}
	b.cmd.Stdout, b.cmd.Stderr = &b.out, &b.err
	b.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := onCore(1, b.cmd.Start); err != nil {
		return nil, fmt.Errorf("start bots: %w", err)
	}
	return b, nil
}

// stop ends them, and says what they said if that was an error.
func (b *bots) stop() error {
	if b.cmd.ProcessState != nil {
		return nil
	}
	_ = b.cmd.Process.Kill()
	_ = b.cmd.Wait()
	if len(b.err.kept) > 0 {
		return fmt.Errorf("the bots said: %s", b.err.String())
	}
	return nil
}

// report waits for their end.
func (b *bots) report() (r botsReport, err error) {
	err = b.cmd.Wait() // not 0 if anything went wrong, which is in the report
	if bad := json.Unmarshal(b.out.Bytes(), &r); bad != nil {
		return r, fmt.Errorf("the bots ended with %w: %s", err, b.err.String())
	}
	return r, nil
}
