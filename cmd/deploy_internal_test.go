package cmd

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/sandlot-server/sandlot/cmd/deploy"
)

var variable = regexp.MustCompile(`SANDLOT_[A-Z_]+`)

// What deployments set is a key of the configuration.
func TestDeploymentsSetKeysThatThereAre(t *testing.T) {
	found := 0
	err := filepath.WalkDir("deploy", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) == ".go" {
			return err
		}
		body, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, name := range variable.FindAllString(string(body), -1) {
			found++
			if strange := strangers([]string{name + "=x"}); len(strange) > 0 {
				t.Errorf("%s sets %s, which is no key", path, name)
			}
		}
		return nil
	})
	if err != nil || found < 20 {
		t.Errorf("%d variables, %v", found, err)
	}
}

// nginx takes the configuration that is shipped, but for names and folders.
func TestNginxTakesItsConfiguration(t *testing.T) {
	dir := t.TempDir()
	conf := filepath.Join(dir, "nginx.conf")
	for n := range 3 {
		at := []string{"127.0.0.1:7001", "127.0.0.1:7002", "127.0.0.1:7003"}[:n+1]
		if err := os.WriteFile(conf, []byte(deploy.Nginx("127.0.0.1:7000", dir, at...)), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command("nginx", "-t", "-q", "-e", filepath.Join(dir, "error.log"), "-p", dir, "-c", conf).CombinedOutput()
		if err != nil {
			t.Errorf("with %d instances: %v\n%s", n+1, err, out)
		}
	}
}
