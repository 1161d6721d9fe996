package cmd

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// load reads the file of an instance that is alone.
func (v *revocations) load() error {
	b, err := os.ReadFile(v.file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var list []revocation
	if err := json.Unmarshal(b, &list); err != nil {
		return fmt.Errorf("%s: %w (mend it, or remove it and revoke anew)", v.file, err)
	}
	for _, r := range list {
		v.merge(r)
	}
	return nil
}

// save writes it, whole or not at all. What could not be written is tried again
// with each look.
func (v *revocations) save() error {
	v.saving.Lock()
	defer v.saving.Unlock()
	b, err := json.Marshal(v.list())
	if err == nil {
		err = writeWhole(v.file, b)
	}
	switch {
	case err != nil && !v.unsaved.Load():
		v.log.Warn("revocations are not kept: a restart would forget the newest", "err", err)
	case err == nil && v.unsaved.Load():
		v.log.Info("revocations are kept again")
	}
	v.unsaved.Store(err != nil)
	return err
}

// writeWhole replaces a file, in a folder that is made if need be: whoever reads it,
// after a loss of power too, finds the old content or the new.
func writeWhole(file string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	next, err := os.OpenFile(file+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = next.Write(content)
	if err = errors.Join(err, next.Sync(), next.Close()); err == nil {
		err = os.Rename(next.Name(), file)
	}
	if err != nil {
		_ = os.Remove(next.Name()) // half of it is of no use
	}
	return err
}
