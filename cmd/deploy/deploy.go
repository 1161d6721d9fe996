// Package deploy holds what Sandlot is deployed with. The nginx configuration is
// also what `make cluster` and the tests run, with other addresses.
package deploy

import (
	_ "embed"
	"fmt"
	"path/filepath"
	"strings"
)

// nginxConf is the shipped configuration.
//
//go:embed nginx.conf
var nginxConf string

// Nginx is nginx.conf for instances at these addresses (host:port, in the order of
// its own) and a listener at listen, with everything that it writes in dir. It
// needs no rights. Instances beyond those given are left out.
func Nginx(listen, dir string, instances ...string) string {
	names := []string{"one", "two", "three"}
	var out []string
	for line := range strings.Lines(nginxConf) {
		keep := true
		for i, name := range names {
			if !strings.Contains(line, name+":7777") && !strings.Contains(line, fmt.Sprintf("instance_%d/", i+1)) {
				continue
			}
			if keep = i < len(instances); keep {
				line = strings.ReplaceAll(line, name+":7777", instances[i])
			}
		}
		if keep {
			out = append(out, line)
		}
	}
	var temp strings.Builder
	for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		fmt.Fprintf(&temp, "    %s_temp_path %s;\n", kind, filepath.Join(dir, kind))
	}
	conf := strings.Join(out, "")
	conf = strings.Replace(conf, "listen 80;", "listen "+listen+";", 1)
	conf = strings.Replace(conf, "/dev/stdout", filepath.Join(dir, "access.log"), 1)
	conf = strings.Replace(conf, "http {\n", "http {\n"+temp.String(), 1)
	return fmt.Sprintf("daemon off;\npid %s;\nerror_log %s warn;\n", filepath.Join(dir, "nginx.pid"), filepath.Join(dir, "error.log")) + conf
}
