package cmd

import (
	"fmt"
	"io"
	"net"
	"os"
	"strings"

	"github.com/sandlot-server/sandlot/assets"
)

type serveVerb struct{ configured }

// Run serves until a signal.
func (v *serveVerb) Run(p *program) error {
	c, file, err := v.load(p)
	if err != nil {
		return err
	}
	c.nameInstance()
	log := c.newLog(p.err)
	s, err := New(c, log)
	if err != nil {
		return err
	}
	s.greet(p.out, file)
	for _, w := range s.warnings {
		log.Warn(w)
	}
	if !assets.Built() {
		log.Warn("this program was built without the page and the SDK (/sdk/sandlot.js): run make build in Sandlot's folder, then build this again")
	}
	for _, name := range strangers(os.Environ()) {
		log.Warn("this variable sets nothing: no key has its name", "variable", name)
	}
	if err := s.Run(p.ctx); err != nil {
		return err
	}
	_, err = fmt.Fprintln(p.out, "Stopped.")
	return err
}

// greet says, for people, where everything is.
func (s *Server) greet(w io.Writer, file string) {
	c := &s.config
	var b strings.Builder
	line := func(what, text string) { fmt.Fprintf(&b, "  %-8s %s\n", what, text) }
	fmt.Fprintf(&b, "\nSandlot %s\n\n", version())
	line("Play:", s.URL())
	s.invite(line)
	line("Admin:", s.AdminURL()+"  (/readyz /metrics /debug/pprof/)")
	if file != "" {
		line("Config:", file)
	}
	if s.secretMade != "" {
		line("Secret:", "made and kept in "+s.secretMade)
	}
	if c.Redis.URL != "" {
		line("Redis:", "together with other instances, as "+c.Instance)
	}
	line("Stop:", "Ctrl-C (twice: at once)")
	b.WriteString("\n")
	_, _ = io.WriteString(w, b.String())
}

// invite says how a friend gets here.
func (s *Server) invite(line func(what, text string)) {
	c := &s.config
	switch {
	case c.PublicURL != "":
		line("Invite:", "send a friend this: "+c.PublicURL)
		return
	case len(c.TLS.Domains) > 0:
		line("Invite:", "send a friend this: https://"+c.TLS.Domains[0])
		return
	}
	found, _ := net.InterfaceAddrs()
	at := invitations(s.public.Addr(), found)
	if len(at) == 0 {
		line("Invite:", "only this machine gets here; --listen :"+portOf(s.public.Addr())+" lets others on your network in")
		return
	}
	line("Invite:", "friends on your network open "+c.scheme()+"://"+at[0])
}
