package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"

	"golang.org/x/sys/unix"

	"github.com/sandlot-server/sandlot/net/ws/nowait"
)

// socket is one WebSocket of the generator after its handshake, taken off Go's
// poller: the generator's own epoll loop reads thousands of them on one core,
// so that the measuring side is never the limit.
type socket struct {
	fd  int
	in  []byte // bytes received and not yet parsed
	out []byte // scratch for one masked frame
}

// dialSocket opens target (a ws URL) and does the handshake with the given
// subprotocols. The connection is then a bare descriptor in non-blocking mode.
func dialSocket(ctx context.Context, target string, protocols string) (*socket, error) {
	u, err := url.Parse(target)
	if err != nil {
		return nil, fmt.Errorf("parse url: %w", err)
	}
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", u.Host)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	if deadline, ok := ctx.Deadline(); ok {
		_ = conn.SetDeadline(deadline)
	}
	request := "GET " + u.RequestURI() + " HTTP/1.1\r\nHost: " + u.Host +
		"\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: c2FuZGxvdC1iZW5jaC1rZQ==\r\n"
	if protocols != "" {
		request += "Sec-WebSocket-Protocol: " + protocols + "\r\n"
	}
	if _, err := conn.Write([]byte(request + "\r\n")); err != nil {
		return nil, err
	}
	reader := bufio.NewReader(conn)
	response, err := http.ReadResponse(reader, nil)
	if err != nil {
		return nil, fmt.Errorf("read handshake: %w", err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusSwitchingProtocols {
		return nil, fmt.Errorf("handshake answered %s", response.Status)
	}
	s := &socket{}
	if n := reader.Buffered(); n > 0 {
		early, _ := reader.Peek(n)
		s.in = append(s.in, early...)
	}
	raw, err := conn.(*net.TCPConn).SyscallConn()
	if err != nil {
		return nil, err
	}
	var dupErr error
	if err := raw.Control(func(fd uintptr) { s.fd, dupErr = unix.FcntlInt(fd, unix.F_DUPFD_CLOEXEC, 0) }); err != nil {
		return nil, err
	}
	return s, dupErr
}

// send writes payload as one binary message.
func (s *socket) send(payload []byte) error { return s.frame(0x82, payload) }

// frame masks payload with the zero key, which is legal and costs nothing, and
// writes it in one call. Inputs are far smaller than a socket's buffer, so a
// short write means that the server stopped reading: an error.
func (s *socket) frame(head byte, payload []byte) error {
	s.out = append(s.out[:0], head)
	if len(payload) < 126 {
		s.out = append(s.out, 0x80|byte(len(payload)))
	} else {
		s.out = append(s.out, 0x80|126)
		s.out = binary.BigEndian.AppendUint16(s.out, uint16(len(payload)))
	}
	s.out = append(s.out, 0, 0, 0, 0)
	s.out = append(s.out, payload...)
	n, err := nowait.Write(s.fd, s.out)
	if err == nil && n < len(s.out) {
		return fmt.Errorf("short write: %d of %d bytes", n, len(s.out))
	}
	return err
}

var errClosed = errors.New("closed by the server")

// receive reads all that is there and calls frame for each whole message; wire is
// its size with the WebSocket header. It returns errClosed with the close
// frame's code when the server ended the connection.
func (s *socket) receive(buffer []byte, frame func(payload []byte, wire int) error) error {
	for {
		n, err := nowait.Read(s.fd, buffer)
		switch {
		case errors.Is(err, unix.EAGAIN):
			return nil
		case err != nil:
			return err
		case n == 0:
			return errClosed
		}
		data := buffer[:n]
		if len(s.in) > 0 {
			s.in = append(s.in, data...)
			data = s.in
		}
		rest, err := s.parse(data, frame)
		if err != nil {
			return err
		}
		s.in = append(s.in[:0], rest...)
		if n < len(buffer) {
			return nil // what comes later is another event
		}
	}
}

// parse walks the whole frames in data, answers pings and returns what is left
// over.
func (s *socket) parse(data []byte, frame func([]byte, int) error) ([]byte, error) {
	for len(data) >= 2 {
		size, head := int(data[1]&0x7f), 2
		switch size {
		case 126:
			if len(data) < 4 {
				return data, nil
			}
			size, head = int(binary.BigEndian.Uint16(data[2:])), 4
		case 127:
			if len(data) < 10 {
				return data, nil
			}
			size, head = int(binary.BigEndian.Uint64(data[2:])), 10
		}
		if len(data) < head+size {
			return data, nil
		}
		payload := data[head : head+size]
		switch data[0] & 0x0f {
		case 2:
			if err := frame(payload, head+size); err != nil {
				return nil, err
			}
		case 9:
			if err := s.frame(0x8a, payload); err != nil {
				return nil, err
			}
		case 8:
			if len(payload) >= 2 {
				return nil, fmt.Errorf("%w: %d %s", errClosed, binary.BigEndian.Uint16(payload), payload[2:])
			}
			return nil, errClosed
		}
		data = data[head+size:]
	}
	return data, nil
}
