package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
)

// profile asks the admin port for a processor profile of the window that begins
// now, and gives what waits until it is written.
func profile(ctx context.Context, p plan, admin string) (wait func()) {
	done := make(chan error, 1)
	go func() { done <- fetchProfile(ctx, p, admin) }()
	return func() {
		if err := <-done; err != nil {
			fmt.Fprintln(os.Stderr, "bench: no profile:", err)
		}
	}
}

func fetchProfile(ctx context.Context, p plan, admin string) error {
	target := fmt.Sprintf("http://%s/debug/pprof/profile?seconds=%d", admin, max(1, int(p.window.Seconds())-1))
	raw, err := fetch(ctx, target)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Clean(p.profile), raw, 0o600)
}
