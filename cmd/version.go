package cmd

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// Version is set when the binary is linked: -ldflags "-X …/cmd.Version=1.2.3".
// Empty means the version of the main module.
var Version string

// version is what this binary calls itself.
func version() string {
	if Version != "" {
		return Version
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
	_, err := fmt.Fprintf(p.out, "sandlot %s %s %s/%s\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
