package assets

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"io/fs"
	"mime"
	"path"
	"regexp"
	"sync"
)

// file is one servable file, held whole; it never changes.
type file struct {
	body  []byte
	kind  string // Content-Type
	tag   string // strong ETag of body
	fixed bool   // its name holds a hash of its content
	small func() []byte
}

// least is the size in bytes under which compression gains nothing.
const least = 512

// hashed matches names that change with the content, such as app-4GZ7QK2A.js.
var hashed = regexp.MustCompile(`-[A-Z0-9]{8}\.[a-z0-9]+(\.map)?$`)

// kinds are the types that must not depend on the machine's own tables.
var kinds = map[string]string{
	".css":         "text/css; charset=utf-8",
	".html":        "text/html; charset=utf-8",
	".ico":         "image/x-icon",
	".js":          "text/javascript; charset=utf-8",
	".json":        "application/json",
	".map":         "application/json",
	".mjs":         "text/javascript; charset=utf-8",
	".png":         "image/png",
	".svg":         "image/svg+xml",
	".ts":          "text/plain; charset=utf-8",
	".txt":         "text/plain; charset=utf-8",
	".wasm":        "application/wasm",
	".webmanifest": "application/manifest+json",
	".woff2":       "font/woff2",
}

// packed are the types that are compressed already.
var packed = map[string]bool{".png": true, ".jpg": true, ".jpeg": true, ".webp": true, ".woff2": true, ".gz": true, ".mp3": true, ".ogg": true}

// newFile reads name from fsys.
func newFile(fsys fs.FS, name string) (*file, error) {
	body, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, err
	}
	return fileOf(name, body), nil
}

func fileOf(name string, body []byte) *file {
	sum := sha256.Sum256(body)
	ext := path.Ext(name)
	f := &file{
		body:  body,
		kind:  kindOf(ext),
		tag:   base64.RawURLEncoding.EncodeToString(sum[:12]),
		fixed: hashed.MatchString(name),
	}
	f.small = sync.OnceValue(func() []byte {
		if len(body) < least || packed[ext] {
			return nil
		}
		return compress(body)
	})
	return f
}

func kindOf(ext string) string {
	if kind, ok := kinds[ext]; ok {
		return kind
	}
	if kind := mime.TypeByExtension(ext); kind != "" {
		return kind
	}
	return "application/octet-stream"
}

// compress gives nil where nothing would be won.
func compress(body []byte) []byte {
	var buf bytes.Buffer
	w, err := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	if err != nil {
		return nil
	}
	if _, err := w.Write(body); err != nil {
		return nil
	}
	if err := w.Close(); err != nil || buf.Len() >= len(body) {
		return nil
	}
	return buf.Bytes()
}
