package assets

import (
	"bytes"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

// index is the page of a folder; lost is what people are shown who ask for what is not there.
const (
	index = "index.html"
	lost  = "404.html"
)

// server serves a fixed set of files.
type server struct {
	files map[string]*file // by path without the leading slash
}

// FileServer serves the files of fsys the way the page itself is served: with
// types, strong ETags, gzip and the security headers, inline script forbidden;
// a folder's page is its index.html. Every file is read at once, so it is for
// embedded clients, not for large or changing folders. It is made for a game's
// own page; wrap it in http.StripPrefix. What cannot be read is 404: browsers
// are shown 404.html, if there is one.
func FileServer(fsys fs.FS) http.Handler {
	s := &server{files: map[string]*file{}}
	_ = fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(d.Name(), ".") {
			return nil // an unreadable file is one that is not there
		}
		if f, err := newFile(fsys, name); err == nil {
			s.files[name] = f
		}
		return nil
	})
	return s
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	harden(w.Header())
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	f := s.find(r.URL.Path)
	if f == nil {
		s.refuse(w, r)
		return
	}
	f.serve(w, r)
}

// refuse answers for what is not served: a page to who asks for pages, else a line.
func (s *server) refuse(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	page := s.files[lost]
	if page == nil || !strings.Contains(r.Header.Get("Accept"), "text/html") {
		http.Error(w, "not found", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", page.kind)
	w.WriteHeader(http.StatusNotFound)
	_, _ = w.Write(page.body) // who has gone away needs no answer
}

// find gives nil for what is not served. The set is fixed, so no path can
// reach outside of it.
func (s *server) find(p string) *file {
	name := strings.TrimPrefix(p, "/")
	if name == "" || strings.HasSuffix(name, "/") {
		name += index
	}
	if name != path.Clean(name) {
		return nil
	}
	return s.files[name]
}

func (f *file) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Vary", "Accept-Encoding")
	if f.fixed {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "no-cache") // kept, but asked about each time
	}
	body, tag := f.body, f.tag
	if accepts(r.Header.Get("Accept-Encoding"), "gzip") {
		if small := f.small(); small != nil {
			body, tag = small, f.tag+"-gzip"
			h.Set("Content-Encoding", "gzip")
		}
	}
	h.Set("ETag", strconv.Quote(tag))
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

// accepts reads an Accept-Encoding header: named, or *, and not with q=0.
func accepts(header, coding string) bool {
	found := false
	for part := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		name = strings.ToLower(strings.TrimSpace(name))
		if name != coding && name != "*" {
			continue
		}
		_, q, ok := strings.Cut(strings.ReplaceAll(strings.ToLower(params), " ", ""), "q=")
		weight, err := strconv.ParseFloat(q, 64)
		wanted := !ok || (err == nil && weight > 0)
		if name == coding {
			return wanted
		}
		found = wanted
	}
	return found
}

// absent answers the page with what to run, and everything else with 404.
func absent() http.Handler {
	page := fileOf(index, missing)
	return &server{files: map[string]*file{index: page}}
}
