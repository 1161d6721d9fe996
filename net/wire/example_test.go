package wire_test

import (
	"fmt"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/wire"
)

// An input, from values to bytes and back.
func ExampleDecode() {
	schema := &state.Schema{Input: state.Message{Fields: []state.MessageField{
		{Name: "move", Min: -1, Max: 1},
		{Name: "fire", Kind: state.Bool},
	}}}
	in := &wire.Input{Seq: 7, Ack: 120, Fields: []state.Value{{Int: -1}, {Int: 1}}}
	frame := wire.AppendInput(nil, in, &schema.Input)
	fmt.Printf("% x\n", frame)

	var m wire.ClientMessage // used again for each message
	if err := wire.Decode(frame, schema, &m); err != nil {
		fmt.Println(err)
	}
	fmt.Println(m.Type, m.Input.Seq, m.Input.Fields[0].Int, m.Input.Fields[1].Int)

	frame[5] = 5 // move is out of its range now
	fmt.Println(wire.Decode(frame, schema, &m))
	// Output:
	// 96 01 07 78 00 ff c3
	// input 7 -1 1
	// input: range: element 5 is 5, outside of -1 to 1
}
