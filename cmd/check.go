package cmd

import "fmt"

type checkVerb struct {
	Print bool `help:"Also print the configuration that results, without secrets."`
	configured
}

// Run loads the configuration as serve would, and says what is wrong with it.
func (v *checkVerb) Run(p *program) error {
	c, file, err := v.load(p)
	if err != nil {
		return err
	}
	// The key and the certificate are read as at the start, but not made.
	if c.Auth.Secret != "" || c.Auth.SecretFile != "" {
		if _, _, err := c.newAuth(c.newLog(p.err)); err != nil {
			return err
		}
	}
	if _, err := c.tlsConfig(c.newLog(p.err)); err != nil {
		return err
	}
	if v.Print {
		return c.WriteTOML(p.out)
	}
	if file == "" {
		file = "no file, so the defaults"
	}
	_, err = fmt.Fprintf(p.out, "The configuration is good (%s).\n", file)
	return err
}
