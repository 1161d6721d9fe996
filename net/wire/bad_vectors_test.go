package wire_test

import (
	"encoding/hex"
	"strings"

	"github.com/sandlot-server/sandlot/net/wire"
)

func unhex(s string) []byte {
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		panic(err)
	}
	return b
}

func badClientVectors() []vector {
	long := strings.Repeat("61", 501)
	return []vector{
		{"nothing", nil},
		{"not an array", unhex("01")},
		{"a map", unhex("81 01 02")},
		{"nil for an array", unhex("c0")},
		{"an empty array", unhex("90")},
		{"array header cut short", unhex("dc 00")},
		{"an array of gigabytes", unhex("dd 07ffffff")},
		{"an array longer than its bytes", unhex("93 02 05")},
		{"two messages", unhex("91 07 91 07")},
		{"bytes left over", unhex("92 02 05 00")},
		{"type 0", unhex("91 00")},
		{"type 16", unhex("91 10")},
		{"renew without a token", unhex("91 0e")},
		{"type of a server", unhex("92 4c 01")},
		{"type beyond a byte", unhex("91 cd 0101")},
		{"type negative", unhex("91 ff")},
		{"type is a string", unhex("91 a1 31")},
		{"type is nil", unhex("91 c0")},
		{"start with an element", unhex("92 07 00")},
		{"ack without a tick", unhex("91 02")},
		{"ack of a float", unhex("92 02 cb 3ff0000000000000")},
		{"ack of nil", unhex("92 02 c0")},
		{"ack of true", unhex("92 02 c3")},
		{"ack of an array", unhex("92 02 91 05")},
		{"ack of a map", unhex("92 02 80")},
		{"ack of binary", unhex("92 02 c4 01 05")},
		{"ack of an extension", unhex("92 02 d4 01 05")},
		{"ack of the unused code", unhex("92 02 c1")},
		{"ack negative", unhex("92 02 ff")},
		{"ack beyond 32 bits", unhex("92 02 cf 0000000100000000")},
		{"ack cut short", unhex("92 02 ce 0000")},
		{"ping of all bits", unhex("92 05 cf ffffffffffffffff")},
		{"ping beyond 2^53", unhex("92 05 cf 0020000000000001")},
		{"ping negative beyond 2^53", unhex("92 05 d3 8000000000000000")},
		{"input with too few fields", unhex("98 01 01 00 00 00 00 c2 00")},
		{"input with too many fields", unhex("9a 01 01 00 00 00 00 c2 00 00 00")},
		{"input 0", unhex("99 01 00 00 00 00 00 c2 00 00")},
		{"input out of range", unhex("99 01 01 00 00 02 00 c2 00 00")},
		{"input below its range", unhex("99 01 01 00 00 00 ff c2 00 00")},
		{"input element out of range", unhex("99 01 01 00 00 00 00 c2 00 ccc9")},
		{"input with a number for a boolean", unhex("99 01 01 00 00 00 00 01 00 00")},
		{"input with a float", unhex("99 01 01 00 00 ca 3f800000 00 c2 00 00")},
		{"command 0", unhex("94 03 00 00 06")},
		{"command unknown", unhex("94 03 01 03 06")},
		{"command negative", unhex("94 03 01 ff 06")},
		{"command cut short", unhex("92 03 01")},
		{"command with too few fields", unhex("93 03 01 00")},
		{"command out of range", unhex("94 03 01 00 07")},
		{"command with text too long", unhex("96 03 01 01 b9 " + strings.Repeat("61", 25) + " c2 c2")},
		{"command with text that is not UTF-8", unhex("96 03 01 01 a2 c328 c2 c2")},
		{"chat of 501 bytes", unhex("93 04 00 da 01f5 " + long)},
		{"chat announcing gigabytes", unhex("93 04 00 db ffffffff 61")},
		{"chat in binary", unhex("93 04 00 c4 01 61")},
		{"chat in a surrogate", unhex("93 04 00 a3 eda080")},
		{"chat to channel 2", unhex("93 04 02 a1 61")},
		{"ready 1", unhex("92 06 01")},
		{"kick nobody", unhex("92 08 00")},
		{"kick beyond 16 bits", unhex("92 08 ce 00010000")},
		{"setting unknown", unhex("93 09 02 01")},
		{"setting out of range", unhex("93 09 00 0b")},
		{"manage of no action", unhex("94 0d 11 01 00")},
		{"manage cut short", unhex("93 0d 00 01")},
		{"setting of a string", unhex("93 09 00 a1 31")},
		{"network of 97 bytes", unhex("92 0f d9 61 " + strings.Repeat("61", 97))},
		{"network of a number", unhex("92 0f 05")},
		{"hello to a lobby of 17 bytes", unhex("93 0a a0 b1 " + strings.Repeat("61", 17))},
	}
}

func badServerVectors() []vector {
	state := func(name string, values ...any) vector {
		return vector{"state " + name, step{head: wire.State{Tick: 1}, values: values}.bytes()}
	}
	return []vector{
		{"nothing", nil},
		{"a map", unhex("80")},
		{"type of a client", unhex("92 02 05")},
		{"type 78", unhex("91 4e")},
		{"bytes left over", unhex("92 4c 05 00")},
		{"done with an element more", unhex("93 4c 05 00")},
		{"done refused by a number", unhex("94 4c 05 07 a1 78")},
		{"event unknown", unhex("92 42 02")},
		{"event with too few fields", unhex("92 42 00")},
		{"event out of range", unhex("95 42 00 00 cd03e9 c2")},
		{"lobby with settings that are not there", unhex("99 43 00 00 00 a0 01 01 c2 05")},
		{"member of nobody", unhex("91 44")},
		{"member without a colour", unhex("95 44 01 a0 00 00")},
		{"members with one cut short", unhex("97 44 01 a0 00 00 01 02")},
		{"result of more places than elements", unhex("95 47 02 01 01 01")},
		{"welcome of another version", unhex("92 40 02")},
		{"welcome without a schema", unhex("9b 40 01 a0 a0 a0 00 00 a0 00 00 00")},
		{"welcome of tables that are not there", unhex("9d 40 01 a0 a0 a0 00 00 a0 00 00 00 1e ce 00ffffff")},
		{"head cut short", unhex("92 41 01")},
		{"head with a string", unhex("95 41 01 a0 00 00")},
		state("of an unknown table", section(3, added), 0, 0),
		state("with a section of nothing", section(boards, 0), 0),
		state("that removes beyond the end", section(ships, removed), 1, 4, 0),
		state("that removes more than there is", section(ships, removed), 100, 0, 0),
		state("with an exception beyond the end", section(ships, dense), 1, 1, 4, 0, 0, 0, 0, 0, 0),
		state("that changes beyond the end", section(ships, sparse), 1, 1, 8, 2, 0),
		state("that changes a field beyond the last", section(ships, sparse), 1<<5, 1, 0, 2, 0),
		state("that adds a row twice", section(ships, added), 1, zz(0), 1, 0, 0),
		state("that adds row 0", section(ships, added), 1, zz(-6), 1, 0, 0),
		state("that adds millions", section(ships, added), 1<<30, zz(1), 1, 0, 0),
		state("with an element beyond an array", section(boards, sparse), 1, 1, 0, 1, 7, 2, 0),
		state("with more elements than an array", section(boards, sparse), 1, 1, 0, 8, 2, 2, 2, 2, 2, 2, 2, 2, 0),
		state("without an end", section(ships, sparse), 1, 1, 0, 2),
		state("with text for a number", section(ships, sparse), 1, 1, 0, "x", 0),
		state("with a number for text", section(ships, sparse), 1<<4, 1, 0, 5, 0),
		state("of an owner beyond the tables", 0, 3, 0, 1, 2),
		state("of an owner beyond the rows", 0, ships, 4, 1, 2),
		state("of an owner cut short", 0, ships, 0),
	}
}
