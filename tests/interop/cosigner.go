package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"strings"
	"time"
)

// A cosigner is a note.Verifier of c2sp.org/tlog-cosignature v1 (type 0x04), which x/mod
// has not.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (c cosigner) Name() string    { return c.name }
func (c cosigner) KeyHash() uint32 { return c.hash }
func (c cosigner) Verify(text, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	seconds := binary.BigEndian.Uint64(signature)
	return seconds > 0 && ed25519.Verify(c.key, cosigned(seconds, text), signature[8:])
}

// What is signed.
func cosigned(seconds uint64, text []byte) []byte {
	return []byte(fmt.Sprintf("cosignature/v1\ntime %d\n%s", seconds, text))
}

func newCosigner(vkey string) cosigner {
	parts := strings.SplitN(vkey, "+", 3)
	require(len(parts) == 3, "a witness's vkey: not NAME+ID+KEY")
	typed, err := base64.StdEncoding.DecodeString(parts[2])
	check(err, "a witness's vkey")
	require(len(typed) == 1+ed25519.PublicKeySize && typed[0] == 4, "a witness's vkey: type")
	c := cosignerOf(parts[0], typed[1:])
	require(parts[1] == fmt.Sprintf("%08x", c.hash), "a witness's vkey: its key id is wrong")
	return c
}

func cosignerOf(name string, key ed25519.PublicKey) cosigner {
	id := sha256.Sum256(append([]byte(name+"\n\x04"), key...))
	return cosigner{name, binary.BigEndian.Uint32(id[:]), key}
}

func (c cosigner) vkey() string {
	return fmt.Sprintf("%s+%08x+%s", c.name, c.hash,
		base64.StdEncoding.EncodeToString(append([]byte{4}, c.key...)))
}

// A signingCosigner is a note.Signer too. Its clock is the machine's.
type signingCosigner struct {
	cosigner
	secret ed25519.PrivateKey
}

func newSigningCosigner(name string, seed byte) signingCosigner {
	secret := ed25519.NewKeyFromSeed(append(make([]byte, ed25519.SeedSize-1), seed))
	return signingCosigner{cosignerOf(name, secret.Public().(ed25519.PublicKey)), secret}
}

func (c signingCosigner) Sign(text []byte) ([]byte, error) {
	seconds := uint64(time.Now().Unix())
	signature := make([]byte, 8, 8+ed25519.SignatureSize)
	binary.BigEndian.PutUint64(signature, seconds)
	return append(signature, ed25519.Sign(c.secret, cosigned(seconds, text))...), nil
}

func check(err error, doing string, args ...interface{}) {
	if err != nil {
		fail("%s: %v", fmt.Sprintf(doing, args...), err)
	}
}

func fail(format string, args ...interface{}) {
	fmt.Printf(format+"\n", args...)
	os.Exit(1)
}

func require(truth bool, format string, args ...interface{}) {
	if !truth {
		fail(format, args...)
	}
}
