package cmd

import (
	"fmt"
	"io"
	"strings"
)

// WriteTOML writes c as a commented configuration file. Secrets are left out.
func (c *Config) WriteTOML(w io.Writer) error {
	var b strings.Builder
	b.WriteString(`# Sandlot's configuration: every key with its default. All of it may be left
# out. A flag (--auth-secret-file) or an environment variable
# (SANDLOT_AUTH_SECRET_FILE) overrides a key; unknown keys and bad values are
# refused at the start, all at once. Check a file with: sandlot check-config
`)
	section := ""
	for _, k := range keys {
		if s := k.section(); s != section {
			fmt.Fprintf(&b, "\n[%s]\n", s)
			section = s
		}
		comment := k.help
		if k.bounds != "" {
			comment += " (" + k.bounds + ")"
		}
		for _, line := range wrap(comment, 86) {
			fmt.Fprintf(&b, "\n# %s", line)
		}
		value := k.format(c)
		if k.secret {
			value = k.format(new(Config))
		}
		fmt.Fprintf(&b, "\n%s = %s\n", strings.TrimPrefix(k.path, section+"."), value)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// wrap breaks text into lines of at most width letters, at spaces.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
