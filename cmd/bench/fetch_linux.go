package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// fetch gives the body that target answers; any status but 200 is an error.
func fetch(ctx context.Context, target string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return nil, err
	}
	response, err := connections.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answered %s", target, response.Status)
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", target, err)
	}
	return body, nil
}

// fetchJSON decodes what target answers.
func fetchJSON(ctx context.Context, target string, into any) error {
	body, err := fetch(ctx, target)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("decode %s: %w", target, err)
	}
	return nil
}

// sums adds up the server's metrics whose lines begin so, one sum a beginning: with
// a space behind it is one number, with a brace all of that name.
func (s *server) sums(ctx context.Context, beginnings ...string) ([]float64, error) {
	body, err := fetch(ctx, "http://"+s.admin+"/metrics")
	if err != nil {
		return nil, err
	}
	out := make([]float64, len(beginnings))
	for line := range bytes.Lines(body) {
		line = bytes.TrimSpace(line)
		for i, b := range beginnings {
			if !bytes.HasPrefix(line, []byte(b)) {
				continue
			}
			n, err := strconv.ParseFloat(string(line[bytes.LastIndexByte(line, ' ')+1:]), 64)
			if err != nil {
				return nil, fmt.Errorf("read metric %s: %w", b, err)
			}
			out[i] += n
		}
	}
	return out, nil
}
