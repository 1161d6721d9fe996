package wire_test

import (
	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/wire"
)

// schema is that of all vectors: each kind of field and each flag once.
func schema() *state.Schema {
	return &state.Schema{
		TickRate: 30,
		Tables: []state.TableSchema{
			{
				Name: "ships",
				Fields: []state.Field{
					{Name: "x", Kind: state.Int, Step: 64, Flags: state.Lerp},
					{Name: "y", Kind: state.Int, Step: 64, Flags: state.Lerp},
					{Name: "aim", Kind: state.Int, Step: 1, Flags: state.Angle},
					{Name: "alive", Kind: state.Bool, Step: 1},
					{Name: "title", Kind: state.String, Step: 1},
				},
				Owner: []state.Field{
					{Name: "x", Kind: state.Int, Step: 1, Flags: state.Predict},
					{Name: "vx", Kind: state.Int, Step: 1, Flags: state.Predict},
					{Name: "ammo", Kind: state.Int, Step: 1},
				},
			},
			{
				Name: "boards",
				Fields: []state.Field{
					{Name: "cells", Kind: state.Int, Len: 7, Step: 1},
					{Name: "walls", Kind: state.Bool, Len: 3, Step: 1},
				},
				Owner: []state.Field{
					{Name: "hand", Kind: state.Int, Len: 4, Step: 1},
					{Name: "memo", Kind: state.String, Step: 1},
				},
			},
			{
				Name: "match", One: true,
				Fields: []state.Field{
					{Name: "endsAt", Kind: state.Int, Step: 1},
					{Name: "overtime", Kind: state.Bool, Step: 1},
				},
			},
		},
		Input: state.Message{Name: "input", Fields: []state.MessageField{
			{Name: "moveX", Kind: state.Int, Min: -1, Max: 1},
			{Name: "aim", Kind: state.Int, Min: 0, Max: 65535},
			{Name: "fire", Kind: state.Bool, Max: 1, Flags: state.Press},
			{Name: "slots", Kind: state.Int, Len: 2, Min: -200, Max: 200},
		}},
		Commands: []state.Message{
			{Name: "drop", Fields: []state.MessageField{{Name: "column", Kind: state.Int, Max: 6}}},
			{Name: "rename", Fields: []state.MessageField{
				{Name: "title", Kind: state.String, Max: 24},
				{Name: "flags", Kind: state.Bool, Len: 2, Max: 1},
			}},
			{Name: "pass"},
		},
		Events: []state.Message{
			{Name: "hit", Fields: []state.MessageField{
				{Name: "by", Kind: state.Int, Max: 65535},
				{Name: "damage", Kind: state.Int, Min: -1000, Max: 1000},
				{Name: "fatal", Kind: state.Bool, Max: 1},
			}},
			{Name: "say", Fields: []state.MessageField{{Name: "text", Kind: state.String, Max: 64}}},
		},
		Settings: []state.Setting{
			{Name: "minutes", Min: 1, Max: 10, Default: 3},
			{Name: "friendlyFire", Max: 1},
		},
	}
}

type vector struct {
	name  string
	bytes []byte
}

func values(list ...any) []state.Value {
	var out []state.Value
	for _, v := range list {
		switch v := v.(type) {
		case int:
			out = append(out, state.Value{Int: int64(v)})
		case bool:
			n := state.Value{}
			if v {
				n.Int = 1
			}
			out = append(out, n)
		case string:
			out = append(out, state.Value{Str: v})
		}
	}
	return out
}

func clientVectors() []vector {
	s := schema()
	in := func(seq, ack, viewed uint32, v ...any) []byte {
		return wire.AppendInput(nil, &wire.Input{Seq: seq, Ack: ack, Viewed: viewed, Fields: values(v...)}, &s.Input)
	}
	command := func(n uint32, index int, v ...any) []byte {
		return wire.AppendCommand(nil, &wire.Command{N: n, Index: index, Fields: values(v...)}, &s.Commands[index])
	}
	return []vector{
		{"input first", in(1, 0, 0, 0, 0, false, 0, 0)},
		{"input", in(70000, 300, 297, -1, 65535, true, -200, 128)},
		{"input last", in(4294967295, 4294967295, 4294967295, 1, 40000, true, 200, -33)},
		{"ack", wire.AppendAck(nil, wire.Ack{Tick: 1234})},
		{"command", command(1, 0, 6)},
		{"command with text", command(2, 1, "Größe ☃", true, false)},
		{"command without fields", command(300, 2)},
		{"chat", wire.AppendChat(nil, wire.Chat{Text: "hello, sandlot 🏖"})},
		{"chat to the team", wire.AppendChat(nil, wire.Chat{Channel: wire.ChatTeam, Text: "a text of more than thirty-one bytes"})},
		{"ping", wire.AppendPing(nil, wire.Ping{ClientTime: 1700000000123456})},
		{"ready", wire.AppendReady(nil, wire.Ready{Ready: true})},
		{"not ready", wire.AppendReady(nil, wire.Ready{})},
		{"start", wire.AppendStart(nil)},
		{"kick", wire.AppendKick(nil, wire.Kick{Player: 65535})},
		{"setting", wire.AppendSetting(nil, wire.Setting{Index: 0, Value: 10})},
		{"hello", wire.AppendHello(nil, wire.Hello{Credential: "header.body.signature", Lobby: "0123ABCD"})},
		{"hello with a pass", wire.AppendHello(nil, wire.Hello{Credential: "pass"})},
		{"leave", wire.AppendLeave(nil)},
		{"keyframe", wire.AppendKeyframe(nil)},
		{"manage", wire.AppendManage(nil, wire.Manage{Action: wire.ActMute, Player: 300, Value: 1})},
		{"renew", wire.AppendRenew(nil, wire.Renew{Token: "header.body.signature"})},
		{"manage the delay of spectators", wire.AppendManage(nil, wire.Manage{Action: wire.ActDelay, Value: 30})},
		{"manage the own colour", wire.AppendManage(nil, wire.Manage{Action: wire.ActColour, Player: 3, Value: 16})},
		{"network", wire.AppendNetwork(nil, wire.Network{Link: "150ms±30ms,1%"})},
		{"network as it is", wire.AppendNetwork(nil, wire.Network{})},
		{"manage a sender", wire.AppendManage(nil, wire.Manage{Action: wire.ActBanSender, Value: 70000})},
		{"manage the lobby", wire.AppendManage(nil, wire.Manage{Action: wire.ActPlayers, Value: 16})},
	}
}

func serverVectors() []vector {
	s := schema()
	event := func(index int, v ...any) []byte {
		return wire.AppendEvent(nil, &wire.Event{Index: index, Fields: values(v...)}, &s.Events[index])
	}
	return []vector{
		{"welcome", wire.AppendWelcome(nil, &wire.Welcome{
			Instance: "a1", Lobby: "0123ABCD", Game: "golden", Player: 1, Resume: "token.of.this",
			HoldMS: 30000, ServerUS: 1700000000123456, Events: 42, Schema: s,
		})},
		{"welcome of a chat member", wire.AppendWelcome(nil, &wire.Welcome{
			Instance: "b2", Lobby: "0123ABCD", Game: "bare", Role: wire.RoleChat, ServerUS: 1,
			Schema: &state.Schema{TickRate: 1},
		})},
		{"event", event(0, 65535, -1000, true)},
		{"event with text", event(1, "out of bounds")},
		{"lobby", wire.AppendLobby(nil, &wire.Lobby{
			Phase: wire.PhaseCountdown, DeadlineMS: 1700000005000, Host: 1, Code: "0123ABCD", Min: 2, Max: 16,
			Private: true, Settings: []int64{3, 0},
		})},
		{"lobby without settings", wire.AppendLobby(nil, &wire.Lobby{Min: 1, Max: 1})},
		{"member", wire.AppendMembers(nil, wire.Member{
			Player: 1, Name: "Ann", Flags: wire.MemberConnected | wire.MemberReady | wire.MemberMuted, Team: 2, Colour: 16,
		})},
		{"member bot", wire.AppendMembers(nil, wire.Member{Player: 200, Name: "Zoë", Flags: wire.MemberBot, Colour: 1})},
		{"members", wire.AppendMembers(nil,
			wire.Member{Player: 2, Name: "Bob", Flags: wire.MemberConnected, Colour: 3},
			wire.Member{Player: 3, Name: "Größe", Flags: wire.MemberSpectator, Colour: 4},
			wire.Member{Player: 300, Name: "Cog", Flags: wire.MemberConnected | wire.MemberReady | wire.MemberBot, Team: 1, Colour: 5},
		)},
		{"gone", wire.AppendGone(nil, wire.Gone{Player: 300, Why: wire.GoneKicked})},
		{"chat", wire.AppendChatOut(nil, &wire.ChatOut{
			Epoch: 9007199254740992, Offset: 17, Player: 1, Name: "Ann", TimeMS: 1700000000123, Text: "hello 🏖",
		})},
		{"chat of the server", wire.AppendChatOut(nil, &wire.ChatOut{
			Epoch: 1, Offset: 18, Channel: wire.ChatTeam, TimeMS: 1, Text: "",
		})},
		{"result", wire.AppendResult(nil, &wire.Result{Places: []wire.Place{
			{Player: 2, Rank: 1, Score: 1500}, {Player: 1, Rank: 2, Score: -3}, {Player: 7, Rank: 2, Score: -3},
		}})},
		{"result of nobody", wire.AppendResult(nil, &wire.Result{})},
		{"pong", wire.AppendPong(nil, wire.Pong{ClientTime: 1700000000123456, ReceivedUS: 1700000000200000, SentUS: 1700000000200040})},
		{"error", wire.AppendError(nil, &wire.Error{
			Code: wire.CodeRange, Message: "element 4 is 2, outside of -1 to 1", About: wire.TypeInput,
		})},
		{"slip", wire.AppendSlip(nil, wire.Slip{Ticks: 12})},
		{"match", wire.AppendMatch(nil, wire.Match{Number: 2, TickRate: 30})},
		{"knock", wire.AppendKnock(nil, wire.Knock{Number: 3, Name: "Eve", Waiting: true})},
		{"done", wire.AppendDone(nil, wire.Done{N: 70000})},
		{"done that was refused", wire.AppendDone(nil, wire.Done{N: 3, Code: "command_column_full", Message: "that column is full"})},
	}
}
