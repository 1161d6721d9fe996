package auth

import "time"

// peerTTL is how long one instance's word to another is good for. It is said
// anew for each request.
const peerTTL = 10 * time.Second

// Peer is one instance's word to another, which nobody without the shared key can
// give: what it forwards, and for whom.
type Peer struct {
	ID     string // unique; set when issued
	From   string // the instance that says it
	To     string // the one that it is for; good nowhere else
	Boot   string // the run of To that it is for, which alone knows what was spent
	Sum    string // names the request: its method, its path and a hash of its body
	Remote string // host:port of the client, as From saw it; "" where From asks for itself
}

// IssuePeer signs p for 10 s.
func (a *Auth) IssuePeer(p Peer) (string, error) {
	c := claims{Home: p.To, Boot: p.Boot, Sum: p.Sum, Remote: p.Remote}
	c.Subject = p.From
	token, _, err := a.issue(usePeer, c, peerTTL)
	return token, err
}

// TakePeer verifies a word that is for the instance called own and its run boot, and
// spends it in this process's memory: what was overheard cannot be said again, not
// even to the next run, which remembers nothing and answers ErrRestarted. Whether
// Sum fits the request is the caller's to say. Errors are *Error.
func (a *Auth) TakePeer(token, own, boot string) (Peer, error) {
	c, err := a.checkOwn(token, usePeer, peerTTL)
	if err != nil {
		return Peer{}, err
	}
	if c.ID == "" || c.Subject == "" || c.Sum == "" || c.Boot == "" {
		return Peer{}, ErrIncomplete
	}
	if c.Home != own {
		return Peer{}, ErrWrongAudience
	}
	if c.Boot != boot {
		return Peer{}, ErrRestarted
	}
	if err := a.asked.spend(c.ID, a.cfg.Now()); err != nil {
		return Peer{}, err
	}
	return Peer{ID: c.ID, From: c.Subject, To: c.Home, Boot: c.Boot, Sum: c.Sum, Remote: c.Remote}, nil
}
