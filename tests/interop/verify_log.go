// Verifies a log that others wrote: reads the files that doc/format.md §5 describes with
// the note and tlog packages of Go's own checksum database, which know nothing of ours.
//
//	verify_log DIRECTORY
//
// holds DIRECTORY/log.vkey against DIRECTORY/log: the signature, every file, every entry,
// the root, an inclusion proof of every entry, consistency from a number of older sizes.
// If they are there, it checks witness.vkey (one a line) against the cosignatures,
// *.tlog-proof, and *.consistency. It says what it has seen, or what is wrong first.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8 // of a tile: 256 hashes

func readLines(path string) []string {
	data, err := os.ReadFile(path)
	check(err, "read")
	require(bytes.HasSuffix(data, []byte("\n")), "%s: does not end in a newline", path)
	return strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
}

// A log is a directory and what has been found to be in it.
type log struct {
	directory string
	verifiers []note.Verifier
	origin    string
	tree      tlog.Tree
	leaves    []tlog.Hash // of the entries, in order
	stored    []tlog.Hash // every hash of the tree, in tlog's order
	files     int
	signers   int
}

func (l *log) readKeys() {
	vkey := readLines(filepath.Join(l.directory, "log.vkey"))
	require(len(vkey) == 1, "log.vkey: more than a line")
	verifier, err := note.NewVerifier(vkey[0])
	check(err, "log.vkey")
	l.origin = verifier.Name()
	l.verifiers = []note.Verifier{verifier}
	witnesses := filepath.Join(l.directory, "witness.vkey")
	if _, err := os.Stat(witnesses); err == nil {
		for _, vkey := range readLines(witnesses) {
			l.verifiers = append(l.verifiers, newCosigner(vkey))
		}
	}
}

// The tree that a signed checkpoint speaks of; every key that is known must have signed.
func (l *log) openCheckpoint(data []byte, what string) tlog.Tree {
	opened, err := note.Open(data, note.VerifierList(l.verifiers...))
	check(err, "%s", what)
	require(len(opened.Sigs) == len(l.verifiers), "%s: %d of %d known keys have signed", what,
		len(opened.Sigs), len(l.verifiers))
	l.signers = len(opened.Sigs)
	lines := strings.Split(opened.Text, "\n")
	require(len(lines) == 4 && lines[3] == "", "%s: not three lines", what)
	require(lines[0] == l.origin, "%s: the origin is %q", what, lines[0])
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err, "%s: size", what)
	require(lines[1] == strconv.FormatInt(size, 10), "%s: size %q", what, lines[1])
	root, err := tlog.ParseHash(lines[2])
	check(err, "%s: root", what)
	return tlog.Tree{N: size, Hash: root}
}

// Where C2SP puts a tile: x/mod's path has the height in it and calls entries data.
func tilePath(t tlog.Tile) string {
	path := "tile/" + strings.TrimPrefix(t.Path(), fmt.Sprintf("tile/%d/", height))
	return strings.Replace(path, "tile/data/", "tile/entries/", 1)
}

func parseTilePath(path string) (tlog.Tile, error) {
	path = strings.Replace(path, "tile/entries/", "tile/data/", 1)
	return tlog.ParseTilePath(fmt.Sprintf("tile/%d/%s", height, strings.TrimPrefix(path, "tile/")))
}

// The tiles that a log of this size must have, entry bundles among them.
func (l *log) wantedTiles() []tlog.Tile {
	var tiles []tlog.Tile
	for level := -1; ; level++ {
		count := l.tree.N
		if level > 0 {
			count >>= uint(height * level)
		}
		if count == 0 {
			return tiles
		}
		for n := int64(0); n*256 < count; n++ {
			width := count - n*256
			if width > 256 {
				width = 256
			}
			tiles = append(tiles, tlog.Tile{H: height, L: level, N: n, W: int(width)})
		}
	}
}

func (l *log) readTile(t tlog.Tile) []byte {
	data, err := os.ReadFile(filepath.Join(l.directory, "log", tilePath(t)))
	check(err, "a tile that a log of %d entries must have", l.tree.N)
	return data
}

func splitBundle(data []byte, t tlog.Tile) (entries [][]byte) {
	for len(data) > 0 {
		require(len(data) >= 2, "%s: cut short in a length", tilePath(t))
		length := int(binary.BigEndian.Uint16(data))
		require(len(data) >= 2+length, "%s: cut short in an entry", tilePath(t))
		entries = append(entries, data[2:2+length])
		data = data[2+length:]
	}
	require(len(entries) == t.W, "%s: %d entries", tilePath(t), len(entries))
	return entries
}

func (l *log) readHashes(indexes []int64) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	for _, index := range indexes {
		if index >= int64(len(l.stored)) {
			return nil, fmt.Errorf("no hash %d", index)
		}
		hashes = append(hashes, l.stored[index])
	}
	return hashes, nil
}

// Reads every entry and hashes the whole tree anew from them.
func (l *log) hashEntries(wanted []tlog.Tile) {
	for _, t := range wanted {
		if t.L != -1 {
			continue
		}
		for _, entry := range splitBundle(l.readTile(t), t) {
			hashes, err := tlog.StoredHashes(int64(len(l.leaves)), entry,
				tlog.HashReaderFunc(l.readHashes))
			check(err, "hash entry %d", len(l.leaves))
			l.leaves = append(l.leaves, tlog.RecordHash(entry))
			l.stored = append(l.stored, hashes...)
		}
	}
}

// The root of the first n entries.
func (l *log) root(n int64) tlog.Hash {
	if n == 0 {
		return sha256.Sum256(nil)
	}
	root, err := tlog.TreeHash(n, tlog.HashReaderFunc(l.readHashes))
	check(err, "root of %d", n)
	return root
}

// log/ holds the checkpoint and tiles, each of them right; of partial tiles narrower ones
// too, unless the full one stands.
func (l *log) checkFiles(wanted []tlog.Tile) {
	widest := map[tlog.Tile]int{}
	for _, t := range wanted {
		widest[tlog.Tile{H: t.H, L: t.L, N: t.N}] = t.W
	}
	top := filepath.Join(l.directory, "log")
	check(filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		l.files++
		name, err := filepath.Rel(top, path)
		if err != nil || name == "checkpoint" {
			return err
		}
		t, err := parseTilePath(filepath.ToSlash(name))
		if err != nil {
			return err
		}
		width := widest[tlog.Tile{H: t.H, L: t.L, N: t.N}]
		require(t.W == width || t.W < width && width < 256,
			"%s: not a tile of a log of %d entries", name, l.tree.N)
		l.checkTile(t)
		return nil
	}), "look through log")
	for _, t := range wanted {
		l.readTile(t) // is there
	}
}

func (l *log) checkTile(t tlog.Tile) {
	data := l.readTile(t)
	if t.L == -1 {
		for i, entry := range splitBundle(data, t) {
			require(tlog.RecordHash(entry) == l.leaves[t.N*256+int64(i)],
				"%s: entry %d differs from the widest bundle's", tilePath(t), i)
		}
		return
	}
	want, err := tlog.ReadTileData(t, tlog.HashReaderFunc(l.readHashes))
	check(err, "%s", tilePath(t))
	require(bytes.Equal(data, want), "%s: not the hashes of the entries", tilePath(t))
}

// The log as x/mod's TileReader reads it, which trusts no tile that the root does not.
func (l *log) Height() int                                { return height }
func (l *log) SaveTiles(tiles []tlog.Tile, data [][]byte) {}
func (l *log) ReadTiles(tiles []tlog.Tile) (data [][]byte, err error) {
	for _, t := range tiles {
		data = append(data, l.readTile(t))
	}
	return data, nil
}

func (l *log) checkInclusion() {
	for n, leaf := range l.leaves {
		proof, err := tlog.ProveRecord(l.tree.N, int64(n), tlog.HashReaderFunc(l.readHashes))
		check(err, "prove entry %d", n)
		check(tlog.CheckRecord(proof, l.tree.N, l.tree.Hash, int64(n), leaf), "entry %d", n)
	}
	tiles := tlog.TileHashReader(l.tree, l)
	for n := int64(0); n < l.tree.N; n += 1 + l.tree.N/50 {
		proof, err := tlog.ProveRecord(l.tree.N, n, tiles)
		check(err, "prove entry %d from tiles", n)
		check(tlog.CheckRecord(proof, l.tree.N, l.tree.Hash, n, l.leaves[n]), "entry %d", n)
	}
}

func (l *log) checkConsistency() {
	tiles := tlog.TileHashReader(l.tree, l)
	older := []int64{1, 2, 3, l.tree.N - l.tree.N/3, l.tree.N - 1, l.tree.N}
	for size := int64(1); size < l.tree.N; size *= 4 {
		older = append(older, size, size+1)
	}
	for _, size := range older {
		if size < 1 || size > l.tree.N {
			continue
		}
		proof, err := tlog.ProveTree(l.tree.N, size, tiles)
		check(err, "prove consistency with %d", size)
		check(tlog.CheckTree(proof, l.tree.N, l.tree.Hash, size, l.root(size)),
			"consistency with %d", size)
	}
}

func (l *log) glob(pattern string) []string {
	paths, err := filepath.Glob(filepath.Join(l.directory, pattern))
	check(err, "glob")
	sort.Strings(paths)
	return paths
}

func parseHashes(lines []string, what string) (hashes []tlog.Hash) {
	for _, line := range lines {
		hash, err := tlog.ParseHash(line)
		check(err, "%s: %q", what, line)
		hashes = append(hashes, hash)
	}
	return hashes
}

// c2sp.org/tlog-proof, with the entry as its extra data if there is any. Besides holding,
// it must be the proof that tlog would give.
func (l *log) checkReceipt(path string) {
	data, err := os.ReadFile(path)
	check(err, "receipt")
	parts := strings.SplitN(string(data), "\n\n", 2)
	require(len(parts) == 2, "%s: no empty line", path)
	lines := strings.Split(parts[0], "\n")
	require(lines[0] == "c2sp.org/tlog-proof@v1", "%s: its first line", path)
	lines = lines[1:]
	var entry []byte
	if len(lines) > 0 && strings.HasPrefix(lines[0], "extra ") {
		entry, err = base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[0], "extra "))
		check(err, "%s: extra", path)
		lines = lines[1:]
	}
	require(len(lines) > 0 && strings.HasPrefix(lines[0], "index "), "%s: no index", path)
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[0], "index "), 10, 64)
	check(err, "%s: index", path)
	tree := l.openCheckpoint([]byte(parts[1]), path)
	require(tree.N <= l.tree.N && index < tree.N, "%s: of a longer log than this", path)
	require(tree.Hash == l.root(tree.N), "%s: of another log", path)
	require(entry == nil || tlog.RecordHash(entry) == l.leaves[index], "%s: another entry", path)

	proof := tlog.RecordProof(parseHashes(lines[1:], path))
	check(tlog.CheckRecord(proof, tree.N, tree.Hash, index, l.leaves[index]), "%s", path)
	own, err := tlog.ProveRecord(tree.N, index, tlog.HashReaderFunc(l.readHashes))
	check(err, "%s", path)
	require(fmt.Sprint(own) == fmt.Sprint(proof), "%s: another proof than tlog's", path)
}

func (l *log) checkConsistencyFile(path string) {
	var first, second int64
	_, err := fmt.Sscanf(filepath.Base(path), "%d-%d.consistency", &first, &second)
	check(err, "%s", path)
	require(second <= l.tree.N, "%s: of a longer log than this", path)
	var lines []string
	if info, err := os.Stat(path); err == nil && info.Size() > 0 {
		lines = readLines(path)
	}
	proof := tlog.TreeProof(parseHashes(lines, path))
	check(tlog.CheckTree(proof, second, l.root(second), first, l.root(first)), "%s", path)
	own, err := tlog.ProveTree(second, first, tlog.HashReaderFunc(l.readHashes))
	check(err, "%s", path)
	require(fmt.Sprint(own) == fmt.Sprint(proof), "%s: another proof than tlog's", path)
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: verify_log DIRECTORY")
		os.Exit(2)
	}
	l := &log{directory: os.Args[1]}
	l.readKeys()
	data, err := os.ReadFile(filepath.Join(l.directory, "log", "checkpoint"))
	check(err, "read")
	l.tree = l.openCheckpoint(data, "checkpoint")

	wanted := l.wantedTiles()
	l.hashEntries(wanted)
	require(l.root(l.tree.N) == l.tree.Hash, "the entries do not hash to the checkpoint's root")
	l.checkFiles(wanted)
	if l.tree.N > 0 {
		l.checkInclusion()
		l.checkConsistency()
	}
	receipts, proofs := l.glob("*.tlog-proof"), l.glob("*.consistency")
	for _, path := range receipts {
		l.checkReceipt(path)
	}
	for _, path := range proofs {
		l.checkConsistencyFile(path)
	}
	fmt.Printf("%d entries, %d files, %d known keys, %d receipts, %d proofs of consistency: "+
		"all hold\n", l.tree.N, l.files, l.signers, len(receipts), len(proofs))
}
