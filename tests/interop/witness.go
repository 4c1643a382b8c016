// Talks to our witness and to our client of witnesses as somebody would who has only read
// c2sp.org/tlog-witness and tlog-cosignature, with the tree and notes of Go's checksum database.
//
//	witness client PEER DIRECTORY
//
// asks `PEER serve DIRECTORY`, a witness of witness_peer.c, whatever can be asked.
//
//	witness server PEER DIRECTORY
//
// is several witnesses, honest and other ones, for `PEER gather` to ask.
//
// Either prints a row for each case, "0 NAME" or "1 NAME: WHAT".
package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	origin  = "north-south/term/1"
	entries = 1000 // that our witness can get
	always  = 1 << 40
)

func row(name string, err error) {
	if err != nil {
		fmt.Printf("1 %s: %s\n", name, strings.ReplaceAll(err.Error(), "\n", " "))
	} else {
		fmt.Printf("0 %s\n", name)
	}
}

// A tree is a log whose entry n is the text of n, and from lies on another text.
type tree []tlog.Hash

func newTree(size, lies int64) tree {
	var t tree
	for n := int64(0); n < size; n++ {
		entry := strconv.FormatInt(n, 10)
		if n >= lies {
			entry += "'"
		}
		hashes, err := tlog.StoredHashes(n, []byte(entry), tlog.HashReaderFunc(t.ReadHashes))
		check(err, "hash entry %d", n)
		t = append(t, hashes...)
	}
	return t
}

func (t tree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	for _, index := range indexes {
		hashes = append(hashes, t[index])
	}
	return hashes, nil
}

func (t tree) root(size int64) tlog.Hash {
	if size == 0 {
		return sha256.Sum256(nil)
	}
	root, err := tlog.TreeHash(size, t)
	check(err, "root of %d", size)
	return root
}

func (t tree) proof(old, size int64) (lines string) {
	if old == 0 || old > size {
		return ""
	}
	hashes, err := tlog.ProveTree(size, old, t)
	check(err, "prove %d of %d", old, size)
	for _, hash := range hashes {
		lines += hash.String() + "\n"
	}
	return lines
}

func (t tree) text(name string, size int64) string {
	return fmt.Sprintf("%s\n%d\n%s\n", name, size, t.root(size))
}

func sign(text string, signer note.Signer) string {
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	check(err, "sign")
	return string(signed)
}

var (
	truth = newTree(entries+50, always)
	lie   = newTree(entries+50, 3)
)

// ---- Client ----

// A peer is our witness: a process, its address and keys.
type peer struct {
	command *exec.Cmd
	input   io.Closer
	url     string
	log     note.Signer
	known   note.Verifiers
}

func start(program, directory string) *peer {
	p := &peer{command: exec.Command(program, "serve", directory, strconv.Itoa(entries))}
	p.command.Stderr = os.Stderr
	input, err := p.command.StdinPipe()
	check(err, "start")
	output, err := p.command.StdoutPipe()
	check(err, "start")
	check(p.command.Start(), "start %s", program)
	p.input = input
	lines := bufio.NewScanner(output)
	next := func() string {
		require(lines.Scan(), "%s ended", program)
		return lines.Text()
	}
	p.url = next()
	p.log, err = note.NewSigner(next())
	check(err, "the log's key file")
	verifier, err := note.NewVerifier(next())
	check(err, "the log's vkey")
	p.known = note.VerifierList(verifier, newCosigner(next()))
	return p
}

func (p *peer) stop() {
	p.input.Close()
	check(p.command.Wait(), "our witness")
}

type answer struct {
	status     int
	kind, body string
}

func (p *peer) post(body string) (answer, error) {
	reply, err := http.Post(p.url+"/add-checkpoint", "text/plain", strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	defer reply.Body.Close()
	bytes, err := io.ReadAll(reply.Body)
	return answer{reply.StatusCode, reply.Header.Get("Content-Type"), string(bytes)}, err
}

func body(old int64, proof, signed string) string {
	return fmt.Sprintf("old %d\n%s\n%s", old, proof, signed)
}

// The lines that came make the checkpoint a note of log and witness, of this minute.
func (p *peer) opens(signed, lines string) error {
	opened, err := note.Open([]byte(signed+lines), p.known)
	if err != nil {
		return err
	}
	strangers := strings.Count(signed, "\n\u2014 ") - 1
	if len(opened.Sigs) != 2 || len(opened.UnverifiedSigs) != strangers {
		return fmt.Errorf("%d signatures hold, %d are others'", len(opened.Sigs),
			len(opened.UnverifiedSigs))
	}
	blob, err := base64.StdEncoding.DecodeString(opened.Sigs[1].Base64)
	if err != nil {
		return err
	}
	at := time.Unix(int64(binary.BigEndian.Uint64(blob[4:])), 0)
	if since := time.Since(at); since < -time.Second || since > time.Minute {
		return fmt.Errorf("its time is %v", at)
	}
	return nil
}

func (p *peer) expect(name string, status int, want, signed, sent string) {
	got, err := p.post(sent)
	switch {
	case err != nil:
	case got.status != status:
		err = fmt.Errorf("%d %s", got.status, got.body)
	case status == 200:
		err = p.opens(signed, got.body)
	case status == 409 && (got.kind != "text/x.tlog.size" || got.body != want):
		err = fmt.Errorf("%q of type %q", got.body, got.kind)
	case !strings.Contains(got.body, want):
		err = fmt.Errorf("%q", got.body)
	}
	row(name, err)
}

// One witness, asked one thing after another.
func (p *peer) askInTurn() {
	other := stranger()
	both := func(text string) string {
		signed, err := note.Sign(&note.Note{Text: text}, p.log, other)
		check(err, "sign")
		return string(signed)
	}
	for _, c := range []struct {
		name      string
		old, size int64
		log       tree
		change    func(proof, signed string) (string, string)
		status    int
		want      string
	}{
		{"more than nothing, of nothing", 5, 5, truth, nil, 409, "0\n"},
		{"an empty log", 0, 0, truth, nil, 200, ""},
		{"the first entries", 0, 5, truth, nil, 200, ""},
		{"the same again", 5, 5, truth, nil, 200, ""},
		{"one more", 5, 6, truth, nil, 200, ""},
		{"to a power of two", 6, 256, truth, nil, 200, ""},
		{"from a power of two", 256, 257, truth, nil, 200, ""},
		{"old unknown", 0, 300, truth, nil, 409, "257\n"},
		{"old too large", 299, 300, truth, nil, 409, "257\n"},
		{"smaller", 100, 200, truth, nil, 409, "257\n"},
		{"old larger than the size", 300, 299, truth, nil, 400, ""},
		{"no proof", 257, 300, truth, func(_, s string) (string, string) { return "", s }, 422, ""},
		{"a proof of another size", 257, 300, truth,
			func(_, s string) (string, string) { return truth.proof(256, 300), s }, 422, ""},
		{"a hash too many", 257, 300, truth,
			func(p, s string) (string, string) { return p + truth.root(1).String() + "\n", s }, 422, ""},
		{"a hash too few", 257, 300, truth,
			func(p, s string) (string, string) { return p[:len(p)-45], s }, 422, ""},
		{"64 hashes", 257, 300, truth,
			func(p, s string) (string, string) { return strings.Repeat(p[:45], 64), s }, 400, ""},
		{"a hash that is none", 257, 300, truth,
			func(p, s string) (string, string) { return "AAAA\n" + p, s }, 400, ""},
		{"another tree of the same size", 257, 257, lie, nil, 422, ""},
		{"another tree, its own proof", 257, 300, lie, nil, 422, ""},
		{"another tree, larger than is held", 257, 400, lie, nil, 422, ""},
		{"another key of the origin's name", 257, 300, truth, func(p, _ string) (string, string) {
			return p, sign(truth.text(origin, 300), other)
		}, 403, ""},
		{"that key beside the log's", 257, 300, truth,
			func(p, _ string) (string, string) { return p, both(truth.text(origin, 300)) }, 200, ""},
		{"a signature over another text", 300, 301, truth, func(p, s string) (string, string) {
			return p, strings.Replace(s, "\n301\n", "\n302\n", 1)
		}, 403, ""},
		{"another log", 300, 301, truth, func(p, _ string) (string, string) {
			return p, sign(truth.text("elsewhere", 301), namedSigner{other, "elsewhere"})
		}, 404, ""},
		{"no signature", 300, 301, truth, func(p, _ string) (string, string) {
			return p, truth.text(origin, 301)
		}, 400, ""},
		{"an empty line too many", 300, 301, truth,
			func(p, s string) (string, string) { return p + "\n", s }, 404, ""},
		{"all that there is", 300, entries, truth, nil, 200, ""},
		{"more than anybody gives", entries, entries + 1, truth, nil, 503, ""},
		{"and the same again", entries, entries, truth, nil, 200, ""},
	} {
		signed, proof := sign(c.log.text(origin, c.size), p.log), c.log.proof(c.old, c.size)
		if c.change != nil {
			proof, signed = c.change(proof, signed)
		}
		p.expect(c.name, c.status, c.want, signed, body(c.old, proof, signed))
	}
	for _, c := range []struct{ name, text string }{
		{"no old size", ""}, {"no end of the line", "old 5"}, {"a zero before it", "old 05\n\n"},
		{"a sign before it", "old -5\n\n"}, {"another word", "size 5\n\n"},
	} {
		p.expect(c.name, 400, "", "", c.text+sign(truth.text(origin, 5), p.log))
	}
}

// Many at once: nobody gets a smaller one after somebody had a larger one.
func (p *peer) askAtOnce() {
	var largest, cosigned int64
	var group sync.WaitGroup
	errs := make(chan error, 1000)
	for worker := int64(0); worker < 8; worker++ {
		group.Add(1)
		go func(worker int64) {
			defer group.Done()
			for size := 1 + worker; size <= 400; size += 8 {
				signed := sign(truth.text(origin, size), p.log)
				var old int64
				for try := 0; try < 50; try++ {
					before := atomic.LoadInt64(&largest)
					got, err := p.post(body(old, truth.proof(old, size), signed))
					if err == nil && got.status == 200 {
						if err = p.opens(signed, got.body); err == nil && size < before {
							err = fmt.Errorf("%d after %d", size, before)
						}
						atomic.AddInt64(&cosigned, 1)
						for now := before; now < size &&
							!atomic.CompareAndSwapInt64(&largest, now, size); {
							now = atomic.LoadInt64(&largest)
						}
					}
					if err != nil {
						errs <- err
					}
					if got.status != 409 {
						break
					}
					old, err = strconv.ParseInt(strings.TrimSuffix(got.body, "\n"), 10, 64)
					if err != nil {
						errs <- err
					}
					if old > size {
						break
					}
				}
			}
		}(worker)
	}
	group.Wait()
	close(errs)
	err := <-errs
	if err == nil && (largest != 400 || cosigned < 20) {
		err = fmt.Errorf("%d cosigned, the largest %d", cosigned, largest)
	}
	row("many at once", err)
}

// A signer of another name; the key does not matter, nobody knows it.
type namedSigner struct {
	note.Signer
	name string
}

func (s namedSigner) Name() string    { return s.name }
func (s namedSigner) KeyHash() uint32 { return 7 }

// A key of the origin's name that is not the log's.
func stranger() note.Signer {
	private, _, err := note.GenerateKey(bytes.NewReader(make([]byte, 1000)), origin)
	check(err, "make a key")
	signer, err := note.NewSigner(private)
	check(err, "make a key")
	return signer
}

func client(program, directory string) {
	p := start(program, directory+"/turn")
	p.askInTurn()
	p.stop()
	p = start(program, directory+"/turn") // it remembers
	signed := sign(truth.text(origin, 1000), p.log)
	p.expect("old forgotten, but not by the witness", 409, "1000\n", "", body(0, "", signed))
	p.expect("a smaller one, after a new start", 409, "1000\n", "",
		body(5, truth.proof(5, 6), sign(truth.text(origin, 6), p.log)))
	p.expect("the same, after a new start", 200, "", signed, body(1000, "", signed))
	p.stop()
	p = start(program, directory+"/once")
	p.askAtOnce()
	p.stop()
}

// ---- Server ----

// A witness, as the specification has it; how makes it another one.
type witness struct {
	signingCosigner
	how      string
	log      note.Verifier
	mutex    sync.Mutex
	size     int64
	root     tlog.Hash
	asked    int32
	listener net.Listener
	over     chan struct{} // closed when nothing asks it any more
}

func (w *witness) url() string { return "http://" + w.listener.Addr().String() }

type refusal struct {
	status int
	text   string
}

// The body's old size, proof and checkpoint, whose signature holds.
func (w *witness) parse(body string) (old int64, proof tlog.TreeProof, opened *note.Note,
	no *refusal) {
	parts := strings.SplitN(body, "\n\n", 2)
	lines := strings.Split(parts[0], "\n")
	old, err := strconv.ParseInt(strings.TrimPrefix(lines[0], "old "), 10, 64)
	if len(parts) != 2 || err != nil || lines[0] != fmt.Sprintf("old %d", old) || len(lines) > 64 {
		return 0, nil, nil, &refusal{400, "no request"}
	}
	for _, line := range lines[1:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return 0, nil, nil, &refusal{400, "no hash"}
		}
		proof = append(proof, hash)
	}
	if !strings.HasPrefix(parts[1], origin+"\n") {
		return 0, nil, nil, &refusal{404, "unknown"}
	}
	opened, err = note.Open([]byte(parts[1]), note.VerifierList(w.log))
	if err != nil {
		return 0, nil, nil, &refusal{403, err.Error()}
	}
	if len(opened.UnverifiedSigs) > 0 {
		return 0, nil, nil, &refusal{500, "more lines than the log's were sent"}
	}
	return old, proof, opened, nil
}

func (w *witness) weigh(body string) (string, *refusal) {
	old, proof, opened, no := w.parse(body)
	if no != nil {
		return "", no
	}
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	root, err2 := tlog.ParseHash(lines[2])
	if err != nil || err2 != nil || len(lines) != 4 || old > size {
		return "", &refusal{400, "no checkpoint"}
	}
	if old != w.size {
		return "", &refusal{409, fmt.Sprintf("%d\n", w.size)}
	}
	if old == 0 && len(proof) > 0 || old == size && (len(proof) > 0 || old > 0 && root != w.root) ||
		old > 0 && old < size && tlog.CheckTree(proof, size, root, old, w.root) != nil {
		return "", &refusal{422, "no proof"}
	}
	w.size, w.root = size, root
	signed := sign(opened.Text, w.signingCosigner)
	return signed[len(opened.Text)+1:], nil
}

func (w *witness) ServeHTTP(out http.ResponseWriter, request *http.Request) {
	atomic.AddInt32(&w.asked, 1)
	body, err := io.ReadAll(request.Body)
	if err != nil || request.Method != "POST" || request.URL.Path != "/add-checkpoint" {
		http.Error(out, "POST /add-checkpoint", 404)
		return
	}
	w.mutex.Lock()
	defer w.mutex.Unlock()
	lines, no := w.weigh(string(body))
	if no != nil {
		if no.status == 409 {
			out.Header().Set("Content-Type", "text/x.tlog.size")
		}
		out.WriteHeader(no.status)
		io.WriteString(out, no.text)
		return
	}
	w.distort(out, string(body), lines)
}

func (w *witness) distort(out http.ResponseWriter, body, lines string) {
	plain := stranger()
	text := body[strings.Index(body, "\n\n")+2:]
	text = text[:strings.Index(text, "\n\n")+1]
	line := func(text string, signer note.Signer) string { return sign(text, signer)[len(text)+1:] }
	switch w.how {
	case "late":
		select {
		case <-w.over:
		case <-time.After(30 * time.Second):
		}
	case "another text":
		lines = line(strings.Replace(text, "1", "2", 1), w.signingCosigner)
	case "another key":
		lines = line(text, newSigningCosigner(w.name, 99))
	case "a plain signature":
		lines = line(text, namedSigner{plain, w.name})
	case "garbage":
		lines = "<html>It works!</html>\n"
	case "without end":
		lines = strings.Repeat(lines, 10000)
	case "an error":
		out.WriteHeader(500)
	case "many keys":
		lines = line(text, namedSigner{plain, w.name}) +
			line(text, newSigningCosigner("w9", 98)) + lines
	}
	io.WriteString(out, lines)
}

func serveWitness(number byte, how string, size int64, log note.Verifier) *witness {
	w := &witness{how: how, log: log, size: size, root: truth.root(size), over: make(chan struct{})}
	w.signingCosigner = newSigningCosigner(fmt.Sprintf("w%d", number), number)
	var err error
	w.listener, err = net.Listen("tcp", "127.0.0.1:0")
	check(err, "listen")
	go http.Serve(w.listener, w)
	return w
}

// What `gather` makes of these witnesses: who is on the note, all of them holding.
func gathered(program string, log note.Verifier, size int64, quorum, patience int, old []int64,
	witnesses []*witness) (string, error) {
	arguments := []string{"gather", fmt.Sprint(size), fmt.Sprint(quorum), fmt.Sprint(patience)}
	known := []note.Verifier{log}
	for i, w := range witnesses {
		arguments = append(arguments, fmt.Sprint(old[i]), w.vkey(), w.url())
		known = append(known, w.cosigner)
	}
	output, err := exec.Command(program, arguments...).Output()
	if err != nil {
		return "", err
	}
	opened, err := note.Open(output, note.VerifierList(known...))
	if err != nil {
		return "", fmt.Errorf("%v: %q", err, output)
	}
	if opened.Text != truth.text(origin, size) || len(opened.UnverifiedSigs) > 0 {
		return "", fmt.Errorf("%q", output)
	}
	var names []string
	for _, signature := range opened.Sigs {
		names = append(names, signature.Name)
	}
	return strings.Join(names[1:], " "), nil
}

func server(program, directory string) {
	p := start(program, directory)
	p.stop()
	verifier, err := p.known.Verifier(p.log.Name(), p.log.KeyHash())
	check(err, "the log's key")

	type who struct {
		how       string
		size, old int64 // what it has cosigned, and what is thought
	}
	for _, c := range []struct {
		name     string
		size     int64
		quorum   int
		patience int // in seconds; nobody who answers is given up before
		who      []who
		want     string
		asked    string // how often each
	}{
		{"one", 40, 1, 60, []who{{"", 0, 0}}, "w1", "1"},
		{"an empty log", 0, 1, 60, []who{{"", 0, 0}}, "w1", "1"},
		{"proofs from all sorts of sizes", 700, 5, 60,
			[]who{{"", 1, 1}, {"", 256, 256}, {"", 511, 511}, {"", 699, 699}, {"", 700, 700}},
			"w1 w2 w3 w4 w5", "1 1 1 1 1"},
		{"sizes that were not known", 300, 3, 60, []who{{"", 17, 0}, {"", 0, 17}, {"", 256, 300}},
			"w1 w2 w3", "2 2 2"},
		{"one that is ahead", 300, 2, 60, []who{{"", 400, 0}, {"", 0, 0}, {"", 400, 400}},
			"w2", "1 1 1"},
		{"one that signs with many keys", 40, 1, 60, []who{{"many keys", 0, 0}}, "w1", "1"},
		{"two that are not honest", 40, 2, 60,
			[]who{{"another text", 0, 0}, {"", 0, 0}, {"garbage", 0, 0}, {"", 0, 0}}, "w2 w4", ""},
		{"everything that can be wrong", 40, 2, 5, []who{{"another text", 0, 0}, {"another key", 0, 0},
			{"a plain signature", 0, 0}, {"garbage", 0, 0}, {"without end", 0, 0}, {"an error", 0, 0},
			{"late", 0, 0}, {"", 0, 0}}, "w8", "1 1 1 1 1 1 1 1"},
		{"a late one that nobody waits for", 40, 2, 60,
			[]who{{"late", 0, 0}, {"", 0, 0}, {"", 0, 0}}, "w2 w3", "1 1 1"},
	} {
		var witnesses []*witness
		var old []int64
		for i, who := range c.who {
			w := serveWitness(byte(i+1), who.how, who.size, verifier)
			witnesses = append(witnesses, w)
			old = append(old, who.old)
		}
		got, err := gathered(program, verifier, c.size, c.quorum, c.patience, old, witnesses)
		if err == nil && got != c.want {
			err = fmt.Errorf("on the note: %s", got)
		}
		var asked []string
		for _, w := range witnesses {
			asked = append(asked, fmt.Sprint(atomic.LoadInt32(&w.asked)))
			close(w.over)
			w.listener.Close()
		}
		if times := strings.Join(asked, " "); err == nil && c.asked != "" && times != c.asked {
			err = fmt.Errorf("asked %s times", times)
		}
		row(c.name, err)
	}
}

func main() {
	switch {
	case len(os.Args) == 4 && os.Args[1] == "client":
		client(os.Args[2], os.Args[3])
	case len(os.Args) == 4 && os.Args[1] == "server":
		server(os.Args[2], os.Args[3])
	default:
		fmt.Fprintln(os.Stderr, "usage: witness client|server PEER DIRECTORY")
		os.Exit(2)
	}
}
