package cmd

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// version is set when the binary is linked: -ldflags "-X …/cmd.version=1.2.3".
var version = ""

// Version is what this binary calls itself.
func Version() string {
	if version != "" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "dev"
	}
	return info.Main.Version
}

type versionVerb struct{}

// Run prints the version.
func (versionVerb) Run(p *program) error {
	_, err := fmt.Fprintf(p.out, "sandlot %s %s %s/%s\n", Version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
