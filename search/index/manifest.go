package index

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"

	"broadsheet/search/column"
)

// A manifest says what a commit consists of. Its file is JSON and a last line of
// "crc32c " and 8 hexadecimal digits, the CRC-32C of all before this line.
//
// Manifests are written beside and renamed: at any instant there is one, whole.
type manifest struct {
	Version    int             `json:"version"`    // of the format, see version
	Settings   string          `json:"settings"`   // fingerprint
	Origin     string          `json:"origin"`     // chosen by lot when the index was made, to tell it from others
	Generation uint64          `json:"generation"` // one more with each manifest
	Next       uint64          `json:"next"`       // above the numbers of all segments ever
	Segments   []manifestEntry `json:"segments"`
	Note       []byte          `json:"note"` // of who commits
}

// A manifestEntry is a segment of a commit.
type manifestEntry struct {
	Number    uint64 `json:"number"`
	Docs      int    `json:"docs"`                // deleted ones included
	Deletions uint64 `json:"deletions,omitempty"` // generation of the file of deleted documents; 0 if none are
}

const (
	maxNote     = 64 << 10
	maxManifest = 16 << 20 // bytes; some 100,000 segments
	sumLine     = "crc32c %08x\n"
	sumSize     = len("crc32c 01234567\n")
)

func newManifest(set *Settings) manifest {
	return manifest{Version: version, Settings: settingsName(set), Origin: rand.Text(), Next: 1}
}

func settingsName(set *Settings) string { return fmt.Sprintf("%016x", set.fingerprint()) }

func (m *manifest) encode() ([]byte, error) {
	b, err := json.MarshalIndent(m, "", "\t")
	if err != nil {
		return nil, err
	}
	b = append(b, '\n')
	return fmt.Appendf(b, sumLine, crc32.Checksum(b, castagnoli)), nil
}

// decodeManifest is the inverse of encode. The settings of the index are not known
// to who only checks it; set may be nil.
func decodeManifest(b []byte, set *Settings) (m manifest, err error) {
	end := len(b) - sumSize
	if end < 0 || string(b[end:]) != fmt.Sprintf(sumLine, crc32.Checksum(b[:end], castagnoli)) {
		return m, fmt.Errorf("%w: its checksum is not that of its bytes", ErrDamaged)
	}
	if err := json.Unmarshal(b[:end], &m); err != nil {
		return m, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if m.Version != version {
		return m, fmt.Errorf("%w (format %d, this one reads %d)", ErrVersion, m.Version, version)
	}
	if set != nil && m.Settings != settingsName(set) {
		return m, fmt.Errorf("%w: with other settings (%q, these are %s)", ErrVersion, m.Settings, settingsName(set))
	}
	return m, m.check()
}

// same reports whether two manifests are one.
func (m manifest) same(n manifest) bool {
	return m.Origin == n.Origin && m.Generation == n.Generation
}

// check returns what cannot be in a manifest.
func (m *manifest) check() error {
	if len(m.Note) > maxNote {
		return fmt.Errorf("%w: a note of %d bytes, at most %d expected", ErrDamaged, len(m.Note), maxNote)
	}
	seen := map[uint64]bool{}
	for _, e := range m.Segments {
		switch {
		case e.Number == 0 || e.Number >= m.Next || seen[e.Number]:
			return fmt.Errorf("%w: segment %d is there twice, or not below %d", ErrDamaged, e.Number, m.Next)
		case e.Docs < 1 || e.Docs > column.MaxDocs:
			return fmt.Errorf("%w: segment %d has %d documents, 1 to %d expected", ErrDamaged, e.Number, e.Docs, column.MaxDocs)
		case e.Deletions > m.Generation:
			return fmt.Errorf("%w: deletions %d of segment %d are later than %d", ErrDamaged, e.Deletions, e.Number, m.Generation)
		}
		seen[e.Number] = true
	}
	return nil
}

// readManifest reads the manifest of a directory.
func readManifest(dir string, set *Settings) (manifest, error) {
	path := filepath.Join(dir, manifestName)
	info, err := os.Stat(path)
	if err == nil && info.Size() > maxManifest {
		err = fmt.Errorf("%s: %w: %d bytes, at most %d expected", manifestName, ErrDamaged, info.Size(), maxManifest)
	}
	if err != nil {
		return manifest{}, err
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return manifest{}, err
	}
	m, err := decodeManifest(b, set)
	if err != nil {
		return manifest{}, fmt.Errorf("%s: %w", manifestName, err)
	}
	return m, nil
}

// writeManifest makes m the manifest, all of whose files are durable but for their names.
// commit is held. saved are the deletions in it.
func (x *Index) writeManifest(m manifest, saved map[uint64]*Bitmap) error {
	b, err := m.encode()
	if err != nil {
		return err
	}
	beside, path := filepath.Join(x.dir, manifestNew), filepath.Join(x.dir, manifestName)
	if err := x.writeFile(beside, b); err != nil {
		return err
	}
	if err := x.disk.SyncDir(x.dir); err != nil {
		return err
	}
	// From here on a crash may leave this manifest or the one before, and the files
	// of both are kept, until the rename is durable.
	x.unsure = true
	if err := x.disk.Rename(beside, path); err != nil {
		return err
	}
	x.mu.Lock()
	x.manifest, x.saved = m, saved
	x.mu.Unlock()
	if err := x.disk.SyncDir(x.dir); err != nil {
		return err
	}
	x.unsure = false
	return nil
}

// writeFile writes a small file and makes its bytes durable.
func (x *Index) writeFile(path string, b []byte) error {
	f, err := x.disk.Create(path)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err = errors.Join(err, f.Close()); err == nil {
		err = x.disk.Sync(path)
	}
	if err != nil {
		x.disk.Remove(path) // else sweep does
	}
	return err
}
