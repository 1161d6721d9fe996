package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
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
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		return fmt.Errorf("the admin port answered %s (%w)", response.Status, err)
	}
	return os.WriteFile(filepath.Clean(p.profile), raw, 0o600)
}
