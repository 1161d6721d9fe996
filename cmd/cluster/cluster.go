package cluster

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/sandlot-server/sandlot/cmd/deploy"
)

// Options say what to start. Program is required.
type Options struct {
	Program   string   // of Sandlot, with the verb serve
	Env       []string // for the instances, beside this process's
	Instances int      // 1 to 3
	Alone     bool     // without Redis: for one instance
	Advertise bool     // players are sent to instances; else they are passed through
	Listen    string   // where players come in: "127.0.0.1:0" takes a free port
	Flags     []string // of all instances
}

// startWait is how long anything may take to start.
const startWait = 20 * time.Second

// stopWait is how long anything may take to stop.
const stopWait = 20 * time.Second

// Cluster is what was started. Its methods are called from one goroutine.
type Cluster struct {
	URL       string // where players come in
	Instances []*Instance

	o      Options
	dir    string
	secret string
	redis  *process
	nginx  *process
}

// Instance is one of them.
type Instance struct {
	Name, URL, AdminURL string

	at, admin string
	of        *Cluster
	process   *process
}

// Missing names the programs that are not installed.
func Missing(o Options) (missing []string) {
	for _, name := range []string{"redis-server", "nginx"} {
		if name == "redis-server" && o.Alone {
			continue
		}
		if _, err := exec.LookPath(name); err != nil {
			missing = append(missing, name)
		}
	}
	return missing
}

// Start starts everything and waits until it answers. On an error nothing is left.
func Start(o Options) (c *Cluster, err error) {
	if missing := Missing(o); len(missing) > 0 {
		return nil, fmt.Errorf("not installed: %s (apt-get install %s)", strings.Join(missing, ", "), strings.Join(missing, " "))
	}
	if o.Instances < 1 || o.Instances > 3 || o.Alone && o.Instances > 1 {
		return nil, fmt.Errorf("%d instances cannot be started: 1 to 3, and one without Redis", o.Instances)
	}
	dir, err := os.MkdirTemp("", "sandlot") // a short path: sockets allow about 100 bytes
	if err != nil {
		return nil, fmt.Errorf("make a folder: %w", err)
	}
	c = &Cluster{o: o, dir: dir, secret: rand.Text() + rand.Text()}
	defer func() {
		if err != nil {
			_ = c.Stop()
		}
	}()
	if !o.Alone {
		if err := c.StartRedis(); err != nil {
			return nil, err
		}
	}
	front, err := free(o.Listen)
	if err != nil {
		return nil, err
	}
	c.URL = "http://" + front
	var at []string
	for i := range o.Instances {
		in := &Instance{Name: []string{"one", "two", "three"}[i], of: c}
		if in.at, err = free("127.0.0.1:0"); err != nil {
			return nil, err
		}
		if in.admin, err = free("127.0.0.1:0"); err != nil {
			return nil, err
		}
		in.URL, in.AdminURL = "http://"+in.at, "http://"+in.admin
		c.Instances, at = append(c.Instances, in), append(at, in.at)
		if err := in.Start(); err != nil {
			return nil, err
		}
	}
	return c, c.startNginx(front, at)
}

// free is an address that nobody listens on at this moment.
func free(at string) (string, error) {
	l, err := net.Listen("tcp", at)
	if err != nil {
		return "", fmt.Errorf("find an address: %w", err)
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// StartRedis starts Redis, empty, and waits until it answers.
func (c *Cluster) StartRedis() (err error) {
	c.redis, err = start("redis-server", nil, nil, "redis-server", "--port", "0", "--unixsocket", c.redisSocket(),
		"--save", "", "--appendonly", "no", "--dir", c.dir)
	if err != nil {
		return err
	}
	return c.redis.await("started", startWait, func() bool { return c.redis.log.has("eady to accept connections") })
}

// KillRedis ends it at once.
func (c *Cluster) KillRedis() { c.redis.kill() }

func (c *Cluster) redisSocket() string { return filepath.Join(c.dir, "redis") }

func (c *Cluster) startNginx(front string, at []string) error {
	dir := filepath.Join(c.dir, "nginx")
	if err := os.Mkdir(dir, 0o755); err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	conf := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(conf, []byte(deploy.Nginx(front, dir, at...)), 0o644); err != nil {
		return fmt.Errorf("write nginx's configuration: %w", err)
	}
	var err error
	if c.nginx, err = start("nginx", nil, nil, "nginx", "-e", filepath.Join(dir, "error.log"), "-p", dir, "-c", conf); err != nil {
		return err
	}
	return c.nginx.await("answered", startWait, func() bool { return answers(c.URL + "/v1/games") })
}

// Start starts the instance, at the same address as before if it ran already.
func (i *Instance) Start() (err error) {
	c := i.of
	args := []string{
		"serve", "--config", os.DevNull, "--listen", i.at, "--admin-listen", i.admin, "--instance", i.Name, "--data-dir", filepath.Join(c.dir, i.Name),
		"--trusted-proxies", "127.0.0.1",
	}
	if c.o.Advertise {
		args = append(args, "--advertise-url", fmt.Sprintf("%s/%d", c.URL, i.number()))
	}
	env := append([]string{"SANDLOT_AUTH_SECRET=" + c.secret}, c.o.Env...)
	if !c.o.Alone {
		env = append(env, "SANDLOT_REDIS_URL=unix://"+c.redisSocket())
	}
	if i.process, err = start(i.Name, env, nil, c.o.Program, append(args, c.o.Flags...)...); err != nil {
		return err
	}
	return i.process.await("got ready", startWait, func() bool { return answers(i.AdminURL + "/readyz") })
}

func (i *Instance) number() int { return map[string]int{"one": 1, "two": 2, "three": 3}[i.Name] }

// Kill ends the instance at once, as a crash would.
func (i *Instance) Kill() { i.process.kill() }

// Terminate asks the instance to stop and does not wait.
func (i *Instance) Terminate() { i.process.terminate() }

// Wait waits until the instance has ended by itself; the error says if that was
// not in order.
func (i *Instance) Wait() error {
	if err := i.process.await("ended", 2*stopWait, func() bool { return !i.process.alive() }); err != nil && i.process.alive() {
		return err
	}
	return i.process.err
}

// Log is the newest of what the instance logged.
func (i *Instance) Log() string { return i.process.log.String() }

func answers(url string) bool {
	client := &http.Client{Timeout: time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Get(url)
	if err != nil {
		return false
	}
	_ = resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

// Stop ends everything, in order where it still runs, and removes what was
// written.
func (c *Cluster) Stop() error {
	var errs []error
	for _, i := range c.Instances {
		if i.process != nil && i.process.alive() {
			i.Terminate()
		}
	}
	for _, i := range c.Instances {
		if i.process != nil && i.process.alive() {
			errs = append(errs, i.process.stop(stopWait))
		}
	}
	for _, p := range []*process{c.nginx, c.redis} {
		if p != nil && p.alive() {
			errs = append(errs, p.stop(stopWait))
		}
	}
	return errors.Join(append(errs, os.RemoveAll(c.dir))...)
}

// Process is the instance's process id.
func (i *Instance) Process() int { return i.process.cmd.Process.Pid }
