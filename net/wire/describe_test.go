package wire_test

import (
	"errors"
	"testing"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/wire"
)

func describeError(t *testing.T, err error) object {
	t.Helper()
	var e *wire.Error
	if !errors.As(err, &e) {
		t.Errorf("accepted, or another error: %v", err)
		return object{}
	}
	return object{"code": e.Code, "about": e.About}
}

// describeValues is the readable list of a message's values.
func describeValues(m *state.Message, v []state.Value) []any {
	out := []any{}
	for _, f := range m.Fields {
		for range max(1, f.Len) {
			switch f.Kind {
			case state.Bool:
				out = append(out, v[0].Int != 0)
			case state.String:
				out = append(out, v[0].Str)
			default:
				out = append(out, v[0].Int)
			}
			v = v[1:]
		}
	}
	return out
}

func describeClient(m *wire.ClientMessage, s *state.Schema) object {
	o := object{"type": m.Type.String()}
	switch m.Type {
	case wire.TypeInput:
		o["seq"], o["ack"], o["viewed"] = m.Input.Seq, m.Input.Ack, m.Input.Viewed
		o["fields"] = describeValues(&s.Input, m.Input.Fields)
	case wire.TypeAck:
		o["tick"] = m.Ack.Tick
	case wire.TypeCommand:
		o["n"], o["command"] = m.Command.N, m.Command.Index
		o["fields"] = describeValues(&s.Commands[m.Command.Index], m.Command.Fields)
	case wire.TypeChat:
		o["channel"], o["text"] = m.Chat.Channel, m.Chat.Text
	case wire.TypePing:
		o["clientTime"] = m.Ping.ClientTime
	case wire.TypeReady:
		o["ready"] = m.Ready.Ready
	case wire.TypeKick:
		o["player"] = m.Kick.Player
	case wire.TypeSetting:
		o["setting"], o["value"] = m.Setting.Index, m.Setting.Value
	case wire.TypeRenew:
		o["token"] = m.Renew.Token
	case wire.TypeNetwork:
		o["link"] = m.Network.Link
	case wire.TypeManage:
		o["action"], o["player"], o["value"] = m.Manage.Action, m.Manage.Player, m.Manage.Value
	case wire.TypeHello:
		o["credential"], o["lobby"] = m.Hello.Credential, m.Hello.Lobby
	}
	return o
}

func describeServer(m *wire.ServerMessage, s *state.Schema) object {
	o := object{"type": m.Type.String()}
	switch m.Type {
	case wire.TypeWelcome:
		w := &m.Welcome
		o["version"], o["instance"], o["lobby"], o["game"] = wire.Version, w.Instance, w.Lobby, w.Game
		o["player"], o["role"], o["resume"], o["holdMs"] = w.Player, w.Role, w.Resume, w.HoldMS
		o["serverUs"], o["events"], o["schema"] = w.ServerUS, w.Events, describeSchema(w.Schema)
	case wire.TypeEvent:
		o["event"], o["fields"] = m.Event.Index, describeValues(&s.Events[m.Event.Index], m.Event.Fields)
	case wire.TypeLobby:
		l := &m.Lobby
		o["phase"], o["deadlineMs"], o["host"], o["code"] = l.Phase, l.DeadlineMS, l.Host, l.Code
		o["min"], o["max"], o["private"], o["settings"] = l.Min, l.Max, l.Private, append([]int64{}, l.Settings...)
	case wire.TypeMember:
		members := []object{}
		for _, p := range m.Members {
			members = append(members, object{"player": p.Player, "name": p.Name, "flags": p.Flags, "team": p.Team, "colour": p.Colour})
		}
		o["members"] = members
	case wire.TypeGone:
		o["player"], o["why"] = m.Gone.Player, m.Gone.Why
	case wire.TypeChatOut:
		c := &m.Chat
		o["epoch"], o["offset"], o["player"], o["name"] = c.Epoch, c.Offset, c.Player, c.Name
		o["channel"], o["timeMs"], o["text"] = c.Channel, c.TimeMS, c.Text
	case wire.TypeResult:
		places := []object{}
		for _, p := range m.Result.Places {
			places = append(places, object{"player": p.Player, "rank": p.Rank, "score": p.Score})
		}
		o["places"] = places
	case wire.TypePong:
		o["clientTime"], o["receivedUs"], o["sentUs"] = m.Pong.ClientTime, m.Pong.ReceivedUS, m.Pong.SentUS
	case wire.TypeError:
		o["code"], o["message"], o["about"] = m.Error.Code, m.Error.Message, m.Error.About
	case wire.TypeSlip:
		o["ticks"] = m.Slip.Ticks
	case wire.TypeMatch:
		o["number"], o["tickRate"] = m.Match.Number, m.Match.TickRate
	case wire.TypeKnock:
		o["number"], o["name"], o["waiting"] = m.Knock.Number, m.Knock.Name, m.Knock.Waiting
	case wire.TypeDone:
		o["n"] = m.Done.N
		if m.Done.Code != "" {
			o["code"], o["message"] = m.Done.Code, m.Done.Message
		}
	}
	return o
}

func describeSchema(s *state.Schema) object {
	fields := func(list []state.Field) []object {
		out := []object{}
		for _, f := range list {
			out = append(out, object{"name": f.Name, "kind": f.Kind, "length": f.Len, "step": f.Step, "flags": f.Flags})
		}
		return out
	}
	shape := func(list []state.MessageField) []object {
		out := []object{}
		for _, f := range list {
			out = append(out, object{
				"name": f.Name, "kind": f.Kind, "length": f.Len, "min": f.Min, "max": f.Max, "flags": f.Flags,
			})
		}
		return out
	}
	messages := func(list []state.Message) []object {
		out := []object{}
		for _, m := range list {
			out = append(out, object{"name": m.Name, "fields": shape(m.Fields)})
		}
		return out
	}
	tables, settings := []object{}, []object{}
	for _, t := range s.Tables {
		flags := 0
		if t.One {
			flags = 1
		}
		tables = append(tables, object{
			"name": t.Name, "flags": flags, "fields": fields(t.Fields), "owner": fields(t.Owner),
		})
	}
	for _, v := range s.Settings {
		settings = append(settings, object{"name": v.Name, "min": v.Min, "max": v.Max, "default": v.Default})
	}
	return object{
		"tickRate": s.TickRate, "tables": tables, "input": shape(s.Input.Fields),
		"commands": messages(s.Commands), "events": messages(s.Events), "settings": settings,
	}
}

// describeMirror is the readable form of what viewer sees.
func describeMirror(m *state.Mirror, s *state.Schema, viewer state.Player) object {
	tables := object{}
	for _, t := range s.Tables {
		rows, list := m.Table(t.Name), []object{}
		for pos := range rows.Len() {
			shown := object{}
			for _, f := range append(append([]state.Field{}, t.Fields...), t.Owner...) {
				if i, owner, ok := rows.Field(f.Name); ok && (!owner || rows.Owner(pos) == viewer) {
					shown[f.Name] = describeField(rows, pos, i, f)
				}
			}
			list = append(list, object{"id": rows.ID(pos), "owner": rows.Owner(pos), "values": shown})
		}
		tables[t.Name] = list
	}
	return tables
}

func describeField(rows *state.Rows, pos, index int, f state.Field) any {
	if f.Kind == state.String {
		return rows.Str(pos, index)
	}
	list := make([]any, rows.Elems(index))
	for i := range list {
		list[i] = rows.Elem(pos, index, i)
		if f.Kind == state.Bool {
			list[i] = rows.Elem(pos, index, i) != 0
		}
	}
	if f.Len == 0 {
		return list[0]
	}
	return list
}
