// Writes ed25519-edge.txt: signatures at the edges of Ed25519, each with the verdict of the
// rule in doc/format.md §1.2. It knows nothing of any signature library: the curve is done
// here in big integers, slowly, from the definitions in RFC 8032 §5.1, so that a mistake
// in the library we verify with is not repeated in what we test it against.
//
//	GO111MODULE=off go run tests/vectors/make-ed25519-edge.go > tests/vectors/ed25519-edge.txt
//
// Columns: what the row tries; "holds" or the first condition of the rule that fails;
// "key" when A may be admitted as a key, else "-"; A; R and S; the message, in hex.
package main

import (
	"bufio"
	"crypto/sha512"
	"fmt"
	"math/big"
	"os"
)

func number(text string, base int) *big.Int {
	n, ok := new(big.Int).SetString(text, base)
	if !ok {
		panic(text)
	}
	return n
}

func pow2(n uint) *big.Int { return new(big.Int).Lsh(big.NewInt(1), n) }

var (
	zero  = big.NewInt(0)
	one   = big.NewInt(1)
	eight = big.NewInt(8)

	p = new(big.Int).Sub(pow2(255), big.NewInt(19)) // the field
	l = new(big.Int).Add(pow2(252), number("27742317777372353535851937790883648493", 10))
	d = mul(big.NewInt(-121665), inverse(big.NewInt(121666)))

	sqrtMinus1 = new(big.Int).Exp(big.NewInt(2), new(big.Int).Rsh(sub(p, one), 2), p)
)

// The field of integers modulo p.

func mod(a *big.Int) *big.Int    { return new(big.Int).Mod(a, p) }
func add(a, b *big.Int) *big.Int { return mod(new(big.Int).Add(a, b)) }
func sub(a, b *big.Int) *big.Int { return mod(new(big.Int).Sub(a, b)) }
func mul(a, b *big.Int) *big.Int { return mod(new(big.Int).Mul(a, b)) }
func inverse(a *big.Int) *big.Int {
	return new(big.Int).ModInverse(mod(a), p)
}

// A point (x, y) = (X/Z, Y/Z) of -x² + y² = 1 + d x² y².
type point struct{ x, y, z *big.Int }

var identity = point{zero, one, one}

func (a point) add(b point) point { // the complete projective law for a = -1
	zz := mul(a.z, b.z)
	b2 := mul(zz, zz)
	c, dd := mul(a.x, b.x), mul(a.y, b.y)
	e := mul(d, mul(c, dd))
	f, g := sub(b2, e), add(b2, e)
	cross := sub(sub(mul(add(a.x, a.y), add(b.x, b.y)), c), dd)
	return point{mul(mul(zz, f), cross), mul(mul(zz, g), add(dd, c)), mul(f, g)}
}

func (a point) neg() point { return point{sub(zero, a.x), a.y, a.z} }

func (a point) times(n *big.Int) point {
	out := identity
	for i := n.BitLen() - 1; i >= 0; i-- {
		out = out.add(out)
		if n.Bit(i) == 1 {
			out = out.add(a)
		}
	}
	return out
}

func (a point) equal(b point) bool {
	return mul(a.x, b.z).Cmp(mul(b.x, a.z)) == 0 && mul(a.y, b.z).Cmp(mul(b.y, a.z)) == 0
}

func (a point) small() bool { return a.times(eight).equal(identity) }
func (a point) prime() bool { return a.times(l).equal(identity) && !a.equal(identity) }

func (a point) affine() (x, y *big.Int) {
	return mul(a.x, inverse(a.z)), mul(a.y, inverse(a.z))
}

func (a point) encode() []byte {
	x, y := a.affine()
	return encodeY(y, x.Bit(0))
}

func encodeY(y *big.Int, sign uint) []byte {
	out := littleEndian(y)
	out[31] |= byte(sign << 7)
	return out
}

func littleEndian(n *big.Int) []byte {
	out := n.FillBytes(make([]byte, 32))
	for i := 0; i < 16; i++ {
		out[i], out[31-i] = out[31-i], out[i]
	}
	return out
}

func fromLittleEndian(bytes []byte) *big.Int {
	turned := make([]byte, len(bytes))
	for i, b := range bytes {
		turned[len(bytes)-1-i] = b
	}
	return new(big.Int).SetBytes(turned)
}

// Any encoding that leads to a point, the non-canonical ones among them.
func decode(bytes []byte) (a point, canonical, ok bool) {
	n := fromLittleEndian(bytes)
	sign := n.Bit(255)
	raw := new(big.Int).SetBit(n, 255, 0)
	y := mod(raw)
	x, ok := recoverX(y)
	if !ok {
		return point{}, false, false
	}
	minusZero := x.Sign() == 0 && sign == 1
	if x.Bit(0) != sign {
		x = sub(zero, x)
	}
	return point{x, y, one}, raw.Cmp(p) < 0 && !minusZero, true
}

func recoverX(y *big.Int) (*big.Int, bool) {
	yy := mul(y, y)
	xx := mul(sub(yy, one), inverse(add(mul(d, yy), one)))
	x := new(big.Int).Exp(xx, new(big.Int).Rsh(new(big.Int).Add(p, big.NewInt(3)), 3), p)
	if mul(x, x).Cmp(xx) != 0 {
		x = mul(x, sqrtMinus1)
	}
	return x, mul(x, x).Cmp(xx) == 0
}

func basePoint() point {
	y := mul(big.NewInt(4), inverse(big.NewInt(5)))
	x, ok := recoverX(y)
	if !ok {
		panic("no base point")
	}
	if x.Bit(0) == 1 {
		x = sub(zero, x)
	}
	return point{x, y, one}
}

var base = basePoint()

func challenge(r, a, message []byte) *big.Int {
	h := sha512.New()
	h.Write(r)
	h.Write(a)
	h.Write(message)
	return new(big.Int).Mod(fromLittleEndian(h.Sum(nil)), l)
}

// The rule of doc/format.md §1.2, condition by condition.
func verdict(a, r []byte, s *big.Int, message []byte) string {
	pointA, canonical, ok := decode(a)
	if !ok {
		return "A-off-curve"
	}
	if !canonical {
		return "A-not-canonical"
	}
	if pointA.small() {
		return "A-small"
	}
	pointR, canonical, ok := decode(r)
	if !ok {
		return "R-off-curve"
	}
	if !canonical {
		return "R-not-canonical"
	}
	if pointR.small() {
		return "R-small"
	}
	if s.Cmp(l) >= 0 {
		return "S-not-below-L"
	}
	if !base.times(s).equal(pointR.add(pointA.times(challenge(r, a, message)))) {
		return "equation"
	}
	return "holds"
}

func admissible(a []byte) bool {
	pointA, canonical, ok := decode(a)
	return ok && canonical && pointA.prime()
}

var out = bufio.NewWriter(os.Stdout)
var rows = map[string]int{}

func row(name string, a, r []byte, s *big.Int, message []byte) {
	key := "-"
	if admissible(a) {
		key = "key"
	}
	why := verdict(a, r, s, message)
	rows[why]++
	fmt.Fprintf(out, "%s\t%s\t%s\t%x\t%x%x\t%x\n", name, why, key, a, r, littleEndian(s), message)
}

// A scalar that nobody chose.
func scalar(name string) *big.Int {
	h := sha512.Sum512([]byte("edge " + name))
	return new(big.Int).Mod(fromLittleEndian(h[:]), l)
}

func addL(s *big.Int) *big.Int { return new(big.Int).Mod(s, l) }

// r + k a, the honest S.
func answer(r, k, a *big.Int) *big.Int {
	return addL(new(big.Int).Add(r, new(big.Int).Mul(k, a)))
}

// Calls try with one message after another until it says that this was one.
func search(limit int, try func(message []byte) bool) {
	for i := 0; i < limit; i++ {
		if try([]byte(fmt.Sprintf("%d", i))) {
			return
		}
	}
}

// The eight points whose order divides 8.
func torsion() []point {
	for y := int64(2); ; y++ {
		x, ok := recoverX(big.NewInt(y))
		if !ok {
			continue
		}
		t := point{x, big.NewInt(y), one}.times(l)
		if t.times(big.NewInt(4)).equal(identity) {
			continue // of smaller order
		}
		points := []point{identity}
		for len(points) < 8 {
			points = append(points, points[len(points)-1].add(t))
		}
		return points
	}
}

type encoding struct {
	name  string
	bytes []byte
	point point
}

// Every encoding that leads to one of the points: with y or y + p, and for x = 0 with
// either sign.
func encodings(points []point) []encoding {
	var all []encoding
	for i, t := range points {
		x, y := t.affine()
		signs := []uint{x.Bit(0)}
		if x.Sign() == 0 {
			signs = []uint{0, 1}
		}
		for _, sign := range signs {
			for n := 0; n < 2; n++ {
				raw := new(big.Int).Add(y, new(big.Int).Mul(p, big.NewInt(int64(n))))
				if raw.BitLen() > 255 {
					continue
				}
				name := fmt.Sprintf("T%d", i)
				if x.Sign() == 0 && sign == 1 {
					name += "-minus-zero"
				}
				if n == 1 {
					name += "-plus-p"
				}
				all = append(all, encoding{name, encodeY(raw, sign), t})
			}
		}
	}
	return all
}

// Two rows where they can be had: one whose low-order parts cancel, so that the equation
// holds without the cofactor, and one whose parts do not, so that it holds only with it.
func pair(name string, a, r []byte, lowA, lowR point, s func(k *big.Int) *big.Int) {
	for _, cancel := range []bool{true, false} {
		search(200, func(message []byte) bool {
			k := challenge(r, a, message)
			if lowR.add(lowA.times(new(big.Int).Mod(k, eight))).equal(identity) != cancel {
				return false
			}
			suffix := map[bool]string{true: "cofactorless", false: "cofactored"}[cancel]
			row(name+"/"+suffix, a, r, s(k), message)
			return true
		})
	}
}

func lowOrderRows(low []encoding) {
	for _, a := range low {
		for _, r := range low {
			pair("A="+a.name+",R="+r.name, a.bytes, r.bytes, a.point, r.point,
				func(*big.Int) *big.Int { return zero })
		}
	}
}

func mixedRows(points []point, low []encoding) {
	a, r := scalar("a"), scalar("r")
	for i, ti := range points {
		mixedA := base.times(a).add(ti).encode()
		for j, tj := range points {
			mixedR := base.times(r).add(tj).encode()
			pair(fmt.Sprintf("A=aB+T%d,R=rB+T%d", i, j), mixedA, mixedR, ti, tj,
				func(k *big.Int) *big.Int { return answer(r, k, a) })
		}
		for _, e := range low {
			pair(fmt.Sprintf("A=aB+T%d,R=%s", i, e.name), mixedA, e.bytes, ti, e.point,
				func(k *big.Int) *big.Int { return answer(zero, k, a) })
		}
	}
	for _, e := range low {
		for j, tj := range points {
			mixedR := base.times(r).add(tj).encode()
			pair(fmt.Sprintf("A=%s,R=rB+T%d", e.name, j), e.bytes, mixedR, e.point, tj,
				func(*big.Int) *big.Int { return r })
		}
	}
}

// Made for a verifier that hashes not the bytes it was given but those that it would have
// written itself.
func reencodedRows(low []encoding) {
	a, r := scalar("a"), scalar("r")
	key, nonce := base.times(a).encode(), base.times(r).encode()
	for _, e := range low {
		canonical := e.point.encode()
		if string(canonical) == string(e.bytes) {
			continue
		}
		k := challenge(canonical, key, nil)
		row("A=aB,R="+e.name+"/reencoded", key, e.bytes, answer(zero, k, a), nil)
		search(200, func(message []byte) bool {
			k := challenge(nonce, canonical, message)
			if !e.point.times(k.Mod(k, eight)).equal(identity) {
				return false
			}
			row("A="+e.name+",R=rB/reencoded", e.bytes, nonce, r, message)
			return true
		})
	}
}

func honest(a, r *big.Int, message []byte) (key, nonce []byte, s *big.Int) {
	key, nonce = base.times(a).encode(), base.times(r).encode()
	return key, nonce, answer(r, challenge(nonce, key, message), a)
}

func scalarRows() {
	for i := 0; i < 3; i++ {
		message := []byte(fmt.Sprintf("scalar %d", i))
		name := fmt.Sprintf("honest-%d", i)
		a, r, s := honest(scalar(name+"a"), scalar(name+"r"), message)
		row(name, a, r, s, message)
		for n := int64(1); n < 16; n++ {
			big := new(big.Int).Add(s, new(big.Int).Mul(l, big.NewInt(n)))
			if big.BitLen() <= 256 {
				row(fmt.Sprintf("%s,S+%dL", name, n), a, r, big, message)
			}
		}
		for bit := uint(252); bit < 256; bit++ {
			row(fmt.Sprintf("%s,S+2^%d", name, bit), a, r, new(big.Int).Add(s, pow2(bit)), message)
		}
		row(name+",-S", a, r, addL(new(big.Int).Neg(s)), message)
		row(name+",S+1", a, r, addL(new(big.Int).Add(s, one)), message)
		for _, edge := range []struct {
			name  string
			value *big.Int
		}{
			{"S=0", zero}, {"S=1", one}, {"S=L-1", new(big.Int).Sub(l, one)}, {"S=L", l},
			{"S=L+1", new(big.Int).Add(l, one)}, {"S=2^252", pow2(252)},
			{"S=2^253-1", new(big.Int).Sub(pow2(253), one)},
			{"S=2^255-1", new(big.Int).Sub(pow2(255), one)},
			{"S=2^256-1", new(big.Int).Sub(pow2(256), one)},
		} {
			row(name+","+edge.name, a, r, edge.value, message)
		}
	}
}

// Honest signatures, and the same with one thing turned about.
func honestRows() {
	for i := 0; i < 24; i++ {
		name := fmt.Sprintf("signature-%d", i)
		message := []byte(name)[:i%len(name)]
		x, y := scalar(name+"a"), scalar(name+"r")
		a, r, s := honest(x, y, message)
		row(name, a, r, s, message)
		row(name+",-A", base.times(x).neg().encode(), r, s, message)
		row(name+",-R", a, base.times(y).neg().encode(), s, message)
		row(name+",A-and-R-swapped", r, a, s, message)
		row(name+",other-message", a, r, s, append([]byte("x"), message...))
	}
	a, r, s := honest(one, one, nil)
	row("a=1,r=1", a, r, s, nil)
	minus := new(big.Int).Sub(l, one)
	a, r, s = honest(minus, scalar("r"), nil)
	row("a=-1", a, r, s, nil)
	a, r, s = honest(scalar("a"), minus, nil)
	row("r=-1", a, r, s, nil)
}

// Every y from p up, and the first y that are on no point of the curve.
func encodingRows() {
	a, r, s := honest(scalar("a"), scalar("r"), nil)
	for n := int64(0); n < 19; n++ {
		for sign := uint(0); sign < 2; sign++ {
			y := new(big.Int).Add(p, big.NewInt(n))
			name := fmt.Sprintf("y=p+%d,sign=%d", n, sign)
			row("A:"+name, encodeY(y, sign), r, s, nil)
			row("R:"+name, a, encodeY(y, sign), s, nil)
			small := encodeY(big.NewInt(n), sign)
			row(fmt.Sprintf("A:y=%d,sign=%d", n, sign), small, r, s, nil)
			row(fmt.Sprintf("R:y=%d,sign=%d", n, sign), a, small, s, nil)
		}
	}
}

func main() {
	points := torsion()
	low := encodings(points)
	if len(low) != 14 {
		panic("the points of low order have 14 encodings")
	}
	lowOrderRows(low)
	mixedRows(points, low)
	reencodedRows(low)
	scalarRows()
	honestRows()
	encodingRows()
	if err := out.Flush(); err != nil {
		panic(err)
	}
	fmt.Fprintln(os.Stderr, rows)
}
