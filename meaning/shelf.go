package meaning

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"broadsheet"
	"broadsheet/embed"
	"broadsheet/internal/wholefile"
)

// A Shelf has the models of a library. In its directory lie the model that was adapted to
// the library, as a file named by its fingerprint, and a [Report]; both are derived.
type Shelf struct {
	Dir    string // need not exist
	Choice Choice // what the operator wants instead

	once   sync.Mutex
	chosen *chosen // the Choice, once it was opened
}

const reportName = "report.json"

// A Report says what is known of how well the built-in model knows the library, and what was done.
type Report struct {
	Model  string    `json:"model,omitempty"` // fingerprint of the adapted model; "" when it is the built-in one
	Why    string    `json:"why"`             // of the decision
	Time   time.Time `json:"time"`
	Papers int64     `json:"papers"` // in the library then
	Survey Survey    `json:"survey"`
	Before float64   `json:"before,omitempty"` // MRR@10 of titles among abstracts held out
	After  float64   `json:"after,omitempty"`
	Off    bool      `json:"off,omitempty"` // a person has chosen the built-in model
}

// Report returns the last report; the zero one where there is none, or none that can be
// read.
func (s *Shelf) Report() (r Report) {
	data, err := os.ReadFile(filepath.Join(s.Dir, reportName))
	if err != nil || json.Unmarshal(data, &r) != nil {
		return Report{}
	}
	return r
}

// WantedRef names the model that papers should be found by.
func (s *Shelf) WantedRef(ctx context.Context) (Ref, error) {
	if s.Choice.isSet() {
		c, err := s.choose(ctx)
		if err != nil {
			return Ref{}, err
		}
		return c.ref, nil
	}
	if r := s.Report(); r.Model != "" {
		return Ref{Kind: Adapted, Model: r.Model}, nil
	}
	m, err := Builtin()
	return RefOf(m), err
}

// Wanted returns the model that papers should be found by. When the adapted one cannot
// be used, that is the built-in one, and the error says what is wrong with the other.
// When the one that the operator has chosen cannot be used, it is nil: papers are found by
// their words, rather than by what nobody asked for.
func (s *Shelf) Wanted(ctx context.Context) (*Model, error) {
	ref, err := s.WantedRef(ctx)
	if err != nil {
		return nil, err
	}
	m, err := s.Find(ctx, ref)
	if err != nil && ref.Kind == Adapted {
		var none error
		m, none = Builtin()
		err = errors.Join(err, none)
	}
	return m, err
}

// Check returns what is wrong with the file of the adapted model, if there should be one.
func (s *Shelf) Check(ctx context.Context) error {
	r := s.Report()
	if r.Model == "" || s.Choice.isSet() {
		return nil
	}
	_, err := s.Find(ctx, Ref{Kind: Adapted, Model: r.Model})
	return err
}

// Find returns the model of a Ref.
func (s *Shelf) Find(ctx context.Context, ref Ref) (*Model, error) {
	switch ref.Kind {
	case BuiltIn:
		m, err := Builtin()
		if err == nil && !m.ref.Same(ref) {
			err = errors.New("meaning: the built-in model is another one now")
		}
		return m, err
	case Adapted:
		return openFile(s.file(ref.Model), ref)
	case File:
		return openFile(ref.From, ref)
	case Encoder, Server:
		return s.findEncoder(ctx, ref)
	}
	return nil, fmt.Errorf("meaning: there is no model of kind %q", broadsheet.Printable(string(ref.Kind), 40))
}

func (s *Shelf) file(fingerprint string) string {
	return filepath.Join(s.Dir, filepath.Base(fingerprint)+".bin")
}

// openFile reads a model of word vectors.
func openFile(path string, ref Ref) (*Model, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("meaning: %w", err)
	}
	w, err := embed.Read(data)
	if err != nil {
		return nil, fmt.Errorf("meaning: %s: %w", path, err)
	}
	m, err := ofWords(w, Ref{Kind: ref.Kind, From: ref.From})
	if err == nil && !m.ref.Same(ref) {
		err = fmt.Errorf("meaning: %s has model %s", path, m.ref.Model)
	}
	return m, err
}

// Keep puts a lesson's model on the shelf and says so in the report. The model before it stays
// for who uses it still; see [Shelf.Clean].
func (s *Shelf) Keep(l Lesson, r *Report) (*Model, error) {
	m, err := ofWords(l.Model, Ref{Kind: Adapted})
	if err != nil {
		return nil, err
	}
	if err := writeWhole(s.file(m.ref.Model), l.Model.Append(nil)); err != nil {
		return nil, fmt.Errorf("meaning: keep the adapted model: %w", err)
	}
	r.Model = m.ref.Model
	return m, s.Note(*r)
}

// Note writes a report.
func (s *Shelf) Note(r Report) error {
	data, err := json.MarshalIndent(r, "", "  ")
	if err == nil {
		err = writeWhole(filepath.Join(s.Dir, reportName), append(data, '\n'))
	}
	if err != nil {
		return fmt.Errorf("meaning: note what was decided: %w", err)
	}
	return nil
}

// Clean deletes the models that are neither wanted nor that of ref.
func (s *Shelf) Clean(ref Ref) error {
	files, err := filepath.Glob(filepath.Join(s.Dir, "*.bin"))
	if err != nil {
		return fmt.Errorf("meaning: %w", err)
	}
	wanted := s.Report().Model
	var errs []error
	for _, f := range files {
		if f != s.file(wanted) && f != s.file(ref.Model) {
			errs = append(errs, os.Remove(f))
		}
	}
	return errors.Join(errs...)
}

// writeWhole writes a file at once or not at all, and makes its directory.
func writeWhole(name string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	return wholefile.Write(name, data, 0o600)
}
