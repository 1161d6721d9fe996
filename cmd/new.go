package cmd

import (
	"embed"
	"errors"
	"fmt"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// starter is the game that `sandlot new` begins with, under the name gems. The
// README of the SDK and the documentation of package game print it; a test
// holds them equal and builds it from there.
//
//go:embed starter
var starter embed.FS

const starterName = "gems"

const sandlotModule = "github.com/sandlot-server/sandlot"

type newVerb struct {
	Name    string `arg:"" help:"The game's name: lower case letters and digits, at most 32. A folder of that name is made."`
	Module  string `placeholder:"PATH" help:"The path of its Go module. Without it example.com/NAME."`
	Replace string `placeholder:"FOLDER" type:"path" help:"Build with the Sandlot in this folder instead of a released one. Without it, a program that is no release takes the folder that make built it in."`
}

// Run writes the starting point of a game and says how to go on.
func (v *newVerb) Run(p *program) error {
	if err := v.check(); err != nil {
		return err
	}
	if v.Replace == "" && v.release() == "" {
		v.Replace = homeFolder()
	}
	if err := v.write(); err != nil {
		return err
	}
	fetch := "go mod tidy"
	if v.release() == "" && v.Replace == "" {
		fetch = "go get " + sandlotModule + "@latest && go mod tidy"
	}
	with := ""
	if v.Replace != "" {
		with = " It builds with the Sandlot in " + v.Replace + "."
	}
	_, err := fmt.Fprintf(p.out, "%s is there.%s Go on with:\n\n  cd %s\n  %s\n  go test ./...\n  go run ./server\n\nand play it at http://localhost:7777/games/%s/\n",
		v.Name, with, v.Name, fetch, v.Name)
	return err
}

// homeFolder is the folder of Sandlot's source in which make built this program,
// as bin/sandlot; "" if it lies elsewhere.
func homeFolder() string {
	file, err := os.Executable()
	if err != nil {
		return ""
	}
	return sourceAbove(file)
}

// sourceAbove is the folder above the bin in which a program lies, if it holds Sandlot's source.
func sourceAbove(file string) string {
	dir := filepath.Dir(filepath.Dir(file))
	if !isSource(dir) {
		return ""
	}
	return dir
}

// isSource reports whether a folder holds Sandlot's source.
func isSource(dir string) bool {
	mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	first, _, _ := strings.Cut(string(mod), "\n")
	return err == nil && strings.TrimSpace(first) == "module "+sandlotModule
}

var goodName = regexp.MustCompile(`^[a-z][a-z0-9]{0,31}$`)

// check says what is wrong with the name or the module's path.
func (v *newVerb) check() error {
	if !goodName.MatchString(v.Name) {
		return fmt.Errorf("%q is no name for a game: lower case letters and digits, a letter first, at most 32", v.Name)
	}
	if token.IsKeyword(v.Name) || v.Name == "main" || v.Name == "server" || v.Name == "web" {
		return fmt.Errorf("%q is no name for a game: it means something else in Go or here", v.Name)
	}
	if v.Module == "" {
		v.Module = "example.com/" + v.Name
	}
	if strings.ContainsAny(v.Module, " \t\r\n\"`\\") || !strings.HasSuffix("/"+v.Module, "/"+v.Name) {
		return fmt.Errorf("--module %q does not end in /%s", v.Module, v.Name)
	}
	if v.Replace != "" && !isSource(v.Replace) {
		return fmt.Errorf("--replace %q is not Sandlot's source: there is no go.mod of %s in it", v.Replace, sandlotModule)
	}
	return nil
}

// write makes the folder, which must not be there, and takes it away again if not
// all of it can be written.
func (v *newVerb) write() error {
	if err := os.Mkdir(v.Name, 0o755); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("%s is there already: nothing was written", v.Name)
		}
		return fmt.Errorf("make the folder: %w", err)
	}
	err := v.fill()
	if err == nil {
		return nil
	}
	if again := os.RemoveAll(v.Name); again != nil {
		return errors.Join(err, fmt.Errorf("take the folder away again: %w", again))
	}
	return fmt.Errorf("%w (the folder is taken away again)", err)
}

// fill writes the files into the folder.
func (v *newVerb) fill() error {
	for name, text := range v.files() {
		file := filepath.Join(v.Name, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return fmt.Errorf("make a folder: %w", err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			return fmt.Errorf("write a file: %w", err)
		}
	}
	return nil
}

// files are the game's files by their names.
func (v *newVerb) files() map[string]string {
	title := strings.ToUpper(v.Name[:1]) + v.Name[1:]
	files := map[string]string{"go.mod": v.goMod()}
	_ = fs.WalkDir(starter, "starter", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := starter.ReadFile(path)
		if err != nil {
			return err // it is embedded: it can be read
		}
		text := strings.NewReplacer(
			"example.com/"+starterName, v.Module,
			"package "+starterName, "package "+v.Name, "Package "+starterName, "Package "+v.Name,
			starterName+".New", v.Name+".New",
			`Register("`+starterName+`"`, `Register("`+v.Name+`"`, "quickPlay('"+starterName+"')", "quickPlay('"+v.Name+"')",
			`Title("Gems")`, `Title("`+title+`")`, "<title>Gems<", "<title>"+title+"<",
		).Replace(string(body))
		files[strings.TrimSuffix(strings.TrimPrefix(path, "starter/"), ".txt")] = text
		return nil
	})
	return files
}

// goMod is the game's go.mod.
func (v *newVerb) goMod() string {
	text := "module " + v.Module + "\n\ngo 1.26\n"
	version := v.release()
	if v.Replace != "" && version == "" {
		version = "v0.0.0"
	}
	if version != "" {
		text += "\nrequire " + sandlotModule + " " + version + "\n"
	}
	if v.Replace != "" {
		text += "\nreplace " + sandlotModule + " => " + quoted(v.Replace) + "\n"
	}
	return text
}

// quoted is a path as go.mod has it.
func quoted(path string) string {
	plain := func(r rune) bool { return unicode.IsPrint(r) && !strings.ContainsRune(" \"'`,()[]{}", r) }
	if strings.ContainsFunc(path, func(r rune) bool { return !plain(r) }) || strings.Contains(path, "//") || strings.Contains(path, "/*") {
		return strconv.Quote(path)
	}
	return path
}

var released = regexp.MustCompile(`^v\d+\.\d+\.\d+$`)

// release is the version of this program if it is one that Go can fetch.
func (v *newVerb) release() string {
	for _, tag := range []string{version(), "v" + version()} {
		if released.MatchString(tag) {
			return tag
		}
	}
	return ""
}
