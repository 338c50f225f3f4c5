package suggest

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
)

// A merger reads sorted sources as one. It is used as a bufio.Scanner is.
type merger struct {
	combine func(a, b []byte) bool
	sources []source // a heap by current record, those at their end left out
	rec     []byte   // the current record
	live    bool     // whether there is one: what next returned
	done    int      // records read, those combined with others included
	err     error
}

// A source is a sorted list of records.
type source interface {
	// next steps to the next record; at the end it returns io.EOF.
	next() error
	current() []byte
}

// start steps to the first record of each source and makes the heap.
func (m *merger) start() error {
	for _, s := range m.sources {
		if err := s.next(); err != nil && err != io.EOF {
			return err
		}
	}
	m.sources = slices.DeleteFunc(m.sources, func(s source) bool { return s.current() == nil })
	for i := len(m.sources) / 2; i >= 0; i-- {
		m.down(i)
	}
	return nil
}

// next makes the next record current, or returns false at the end or on an error.
func (m *merger) next() bool {
	if m.live = m.err == nil && len(m.sources) > 0; !m.live {
		return false
	}
	m.rec = append(m.rec[:0], m.sources[0].current()...)
	m.advance()
	for m.combine != nil && m.err == nil && len(m.sources) > 0 && m.combine(m.rec, m.sources[0].current()) {
		m.advance()
	}
	m.live = m.err == nil
	return m.live
}

// advance steps past the least record.
func (m *merger) advance() {
	m.done++
	switch err := m.sources[0].next(); err {
	case nil:
	case io.EOF:
		last := len(m.sources) - 1
		m.sources[0] = m.sources[last]
		m.sources = m.sources[:last]
	default:
		m.err = err
	}
	m.down(0)
}

func (m *merger) down(i int) {
	for {
		least := i
		for c := 2*i + 1; c <= 2*i+2 && c < len(m.sources); c++ {
			if bytes.Compare(m.sources[c].current(), m.sources[least].current()) < 0 {
				least = c
			}
		}
		if least == i {
			return
		}
		m.sources[i], m.sources[least] = m.sources[least], m.sources[i]
		i = least
	}
}

// memory is the source of records that were never written to disk.
type memory struct {
	s   *sorter
	at  int
	rec []byte
}

func (m *memory) current() []byte { return m.rec }

func (m *memory) next() error {
	if m.at == len(m.s.items) {
		m.rec = nil
		return io.EOF
	}
	m.rec = m.s.record(m.s.items[m.at])
	m.at++
	return nil
}

// onDisk is the source of the records of a run.
type onDisk struct {
	in   *bufio.Reader
	left int
	rec  []byte
}

func (d *onDisk) current() []byte { return d.rec }

func (d *onDisk) next() error {
	if d.left == 0 {
		d.rec = nil
		return io.EOF
	}
	d.left--
	shared, err := binary.ReadUvarint(d.in)
	if err != nil {
		return noEOF(err)
	}
	rest, err := binary.ReadUvarint(d.in)
	if err != nil {
		return noEOF(err)
	}
	if shared > uint64(len(d.rec)) || rest > maxRecord {
		return fmt.Errorf("a sorted run is damaged: a record shares %d bytes with one of %d and has %d more", shared, len(d.rec), rest)
	}
	d.rec = slices.Grow(d.rec[:shared], int(rest))[:shared+rest]
	_, err = io.ReadFull(d.in, d.rec[shared:])
	return noEOF(err)
}

// noEOF makes the end of a run that has more records to give an error.
func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
