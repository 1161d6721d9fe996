package assets

import (
	"embed"
	"io/fs"
	"net/http"
)

// built is the bundled client. All but .keep is missing where "make web" has not run.
//
//go:embed all:web/dist
var built embed.FS

// missing is the page shown instead of a client that was not built.
//
//go:embed web/missing.html
var missing []byte

// Handler serves the embedded client: the page at /, hashed files under
// /static/ and the SDK under /sdk/. Anything else is 404. It is safe for
// concurrent use.
func Handler() http.Handler {
	client, err := fs.Sub(built, "web/dist")
	if err != nil {
		panic(err) // the path is a constant of this file
	}
	if _, err := fs.Stat(client, index); err != nil {
		return absent()
	}
	return FileServer(client)
}

// Built reports whether the client was bundled into this binary. Without it
// the page says what to run.
func Built() bool {
	_, err := fs.Stat(built, "web/dist/"+index)
	return err == nil
}
