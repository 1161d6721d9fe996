package cmd

import (
	"io"
	"log/slog"
)

type logger = *slog.Logger

// newLog makes the log with the instance bound to every line. No URL of a
// request is ever logged with its query: it may hold a token.
func (c *Config) newLog(w io.Writer) logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(c.Log.Level)) // one of four, by Validate
	o := &slog.HandlerOptions{Level: level}
	var h slog.Handler = slog.NewTextHandler(w, o)
	if c.Log.Format == "json" {
		h = slog.NewJSONHandler(w, o)
	}
	return slog.New(h).With("instance", c.Instance)
}
