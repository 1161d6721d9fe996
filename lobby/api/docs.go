package api

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

//go:embed docs.html
var docsHTML string

//go:embed docs.css
var docsStyle []byte

var docsTemplate = template.Must(template.New("docs").Parse(docsHTML))

// The page's own view of the document: what the template needs and no more.
type (
	docsView struct {
		Title, Version, Description string
		Tags                        []docsTag
		Codes                       []docsCode
	}
	docsTag struct {
		Name, Description string
		Operations        []docsOperation
	}
	docsOperation struct {
		ID, Method, Path, Summary, Description string
		Signed                                 bool
		Params, Body                           []docsField
		BodyOptional                           bool
		Answers                                []docsAnswer
	}
	docsField  struct{ Name, Kind, Doc, Bounds string }
	docsAnswer struct {
		Status, Text, Example string
		Fields                []docsField
	}
	docsCode struct {
		Code   string
		Status int
	}
)

// docsPage writes the document as one page without script.
func docsPage(o *huma.OpenAPI) []byte {
	view := docsView{Title: o.Info.Title, Version: o.Info.Version, Description: o.Info.Description}
	for _, tag := range o.Tags {
		view.Tags = append(view.Tags, docsTag{tag.Name, tag.Description, operationsOf(o, tag.Name)})
	}
	for _, code := range slices.Sorted(maps.Keys(statusOf)) {
		view.Codes = append(view.Codes, docsCode{code, statusOf[code]})
	}
	var b bytes.Buffer
	if err := docsTemplate.Execute(&b, view); err != nil {
		panic(fmt.Errorf("write the page of the documents: %w", err))
	}
	return b.Bytes()
}

func operationsOf(o *huma.OpenAPI, tag string) []docsOperation {
	var out []docsOperation
	for _, path := range slices.Sorted(maps.Keys(o.Paths)) {
		for _, op := range []*huma.Operation{o.Paths[path].Get, o.Paths[path].Post, o.Paths[path].Delete} {
			if op != nil && slices.Contains(op.Tags, tag) {
				out = append(out, operationView(o, op))
			}
		}
	}
	return out
}

func operationView(o *huma.OpenAPI, op *huma.Operation) docsOperation {
	v := docsOperation{
		ID: op.OperationID, Method: op.Method, Path: op.Path, Summary: op.Summary, Description: op.Description, Signed: len(op.Security) == 1,
	}
	for _, p := range op.Parameters {
		v.Params = append(v.Params, docsField{p.Name + " (" + p.In + ")", kindOf(p.Schema), p.Description, boundsOf(p.Schema)})
	}
	if op.RequestBody != nil {
		v.Body = fieldsOf(o, op.RequestBody.Content["application/json"].Schema)
		v.BodyOptional = !op.RequestBody.Required
	}
	for _, status := range slices.Sorted(maps.Keys(op.Responses)) {
		r := op.Responses[status]
		a := docsAnswer{Status: status, Text: r.Description}
		for kind, media := range r.Content {
			if media.Example != nil {
				text, _ := json.MarshalIndent(media.Example, "", "  ")
				a.Example = string(text)
			}
			if kind == "application/json" {
				a.Fields = fieldsOf(o, media.Schema)
			}
		}
		v.Answers = append(v.Answers, a)
	}
	return v
}

// fieldsOf lists an object's properties, sorted, those that must be there first.
func fieldsOf(o *huma.OpenAPI, s *huma.Schema) []docsField {
	if s != nil && s.Ref != "" {
		s = o.Components.Schemas.SchemaFromRef(s.Ref)
	}
	if s == nil {
		return nil
	}
	var must, may []docsField
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		p := s.Properties[name]
		if slices.Contains(s.Required, name) {
			must = append(must, docsField{name, kindOf(p), p.Description, boundsOf(p)})
		} else {
			may = append(may, docsField{name, kindOf(p) + ", optional", p.Description, boundsOf(p)})
		}
	}
	return append(must, may...)
}

func kindOf(s *huma.Schema) string {
	switch {
	case s == nil:
		return ""
	case s.Ref != "":
		return s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]
	case s.Type == huma.TypeArray:
		return "list of " + kindOf(s.Items)
	case s.Format == "date-time":
		return "time"
	default:
		return s.Type
	}
}

func boundsOf(s *huma.Schema) string {
	var parts []string
	add := func(format string, v any) { parts = append(parts, fmt.Sprintf(format, v)) }
	if s.Minimum != nil {
		add("at least %v", *s.Minimum)
	}
	if s.Maximum != nil {
		add("at most %v", *s.Maximum)
	}
	if s.MaxLength != nil {
		add("at most %v characters", *s.MaxLength)
	}
	if len(s.Enum) > 0 {
		words := make([]string, len(s.Enum))
		for i, e := range s.Enum {
			words[i] = fmt.Sprint(e)
		}
		add("one of %v", strings.Join(words, ", "))
	}
	if s.Default != nil {
		add("default %v", s.Default)
	}
	return strings.Join(parts, "; ")
}
