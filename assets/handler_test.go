package assets_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/sandlot-server/sandlot/assets"
)

var long = strings.Repeat("console.log('sandlot');\n", 100)

func fixture() http.Handler {
	return assets.FileServer(fstest.MapFS{
		"index.html":              {Data: []byte("<!doctype html><title>x</title>")},
		"static/app-AB12CD34.js":  {Data: []byte(long)},
		"static/app-AB12CD34.css": {Data: []byte("a{}")},
		"sdk/sandlot.js":          {Data: []byte(long)},
		"icon.svg":                {Data: []byte("<svg/>")},
		".keep":                   {Data: []byte("secret")},
	})
}

func get(t *testing.T, h http.Handler, path string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.URL.Path = path
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestTypesAndCaching(t *testing.T) {
	for _, c := range []struct{ path, kind, cache string }{
		{"/", "text/html; charset=utf-8", "no-cache"},
		{"/index.html", "text/html; charset=utf-8", "no-cache"},
		{"/static/app-AB12CD34.js", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"},
		{"/static/app-AB12CD34.css", "text/css; charset=utf-8", "public, max-age=31536000, immutable"},
		{"/sdk/sandlot.js", "text/javascript; charset=utf-8", "no-cache"},
		{"/icon.svg", "image/svg+xml", "no-cache"},
	} {
		w := get(t, fixture(), c.path)
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != c.kind || w.Header().Get("Cache-Control") != c.cache {
			t.Errorf("%s: got %d, %q, %q", c.path, w.Code, w.Header().Get("Content-Type"), w.Header().Get("Cache-Control"))
		}
	}
}

func TestHeadersOnEveryAnswer(t *testing.T) {
	for _, path := range []string{"/", "/sdk/sandlot.js", "/nothing"} {
		h := get(t, fixture(), path).Header()
		csp := h.Get("Content-Security-Policy")
		if !strings.Contains(csp, "script-src 'self';") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: policy %q", path, csp)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("X-Frame-Options") != "DENY" {
			t.Errorf("%s: headers %v", path, h)
		}
	}
}

func TestNotServed(t *testing.T) {
	for _, path := range []string{"/nothing", "/.keep", "/static/", "/../handler.go", "/static/../index.html", "//index.html", "/static/..%2f..%2fgo.mod", "/static/\x00"} {
		if w := get(t, fixture(), path); w.Code != http.StatusNotFound {
			t.Errorf("%q: got %d, want 404", path, w.Code)
		}
	}
	// Browsers are shown a page, where there is one.
	page := assets.FileServer(fstest.MapFS{"404.html": {Data: []byte("<p>lost</p>")}})
	if w := get(t, page, "/nothing", "Accept", "text/html,*/*"); w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "lost") ||
		w.Header().Get("Content-Type") != "text/html; charset=utf-8" || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("a browser: got %d, %v", w.Code, w.Header())
	}
	if w := get(t, page, "/nothing", "Accept", "*/*"); w.Code != http.StatusNotFound || w.Body.String() != "not found\n" {
		t.Errorf("a program: got %d, %q", w.Code, w.Body)
	}
	w := httptest.NewRecorder()
	fixture().ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/", nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: got %d, want 405", w.Code)
	}
}

func TestGzip(t *testing.T) {
	const path = "/static/app-AB12CD34.js"
	for _, c := range []struct {
		accept string
		want   bool
	}{
		{"gzip, deflate, br", true}, {"br;q=1.0, gzip;q=0.5", true}, {"*", true},
		{"", false}, {"gzip;q=0", false}, {"br", false}, {"*;q=0", false}, {"gzip;q=x", false},
	} {
		w := get(t, fixture(), path, "Accept-Encoding", c.accept)
		if got := w.Header().Get("Content-Encoding") == "gzip"; got != c.want {
			t.Errorf("%q: gzip %v, want %v", c.accept, got, c.want)
		}
		if w.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("%q: no Vary", c.accept)
		}
		body := w.Body.Bytes()
		if c.want {
			r, err := gzip.NewReader(bytes.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			if body, err = io.ReadAll(r); err != nil {
				t.Fatal(err)
			}
		}
		if string(body) != long {
			t.Errorf("%q: the body differs", c.accept)
		}
	}
}

func TestETag(t *testing.T) {
	h := fixture()
	plain := get(t, h, "/sdk/sandlot.js").Header().Get("ETag")
	small := get(t, h, "/sdk/sandlot.js", "Accept-Encoding", "gzip").Header().Get("ETag")
	if plain == "" || plain == small {
		t.Fatalf("tags %q and %q must be set and differ", plain, small)
	}
	if w := get(t, h, "/sdk/sandlot.js", "If-None-Match", plain); w.Code != http.StatusNotModified || w.Body.Len() != 0 {
		t.Errorf("got %d with %d bytes, want 304", w.Code, w.Body.Len())
	}
	if w := get(t, h, "/sdk/sandlot.js", "If-None-Match", small); w.Code != http.StatusOK {
		t.Errorf("got %d for the tag of the other encoding, want 200", w.Code)
	}
}

func TestHandler(t *testing.T) {
	w := get(t, assets.Handler(), "/")
	if w.Code != http.StatusOK {
		t.Fatalf("got %d", w.Code)
	}
	if says := strings.Contains(w.Body.String(), "make web"); says == assets.Built() {
		t.Errorf("built is %v, and the page says to build: %v", assets.Built(), says)
	}
	if !assets.Built() {
		return
	}
	if w := get(t, assets.Handler(), "/sdk/sandlot.js"); w.Code != http.StatusOK {
		t.Errorf("sdk: got %d", w.Code)
	}
}
