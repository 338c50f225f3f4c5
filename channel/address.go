package channel

import (
	"fmt"
	"net/netip"
	"syscall"
)

// internal has the networks that are nobody's on the public Internet, beyond what
// netip.Addr tells by itself (RFC 6890 and IANA's special-purpose registries), and
// those that carry an IPv4 address inside, by which one could get around the rest.
var internal = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"), // behind carriers' NAT, and metadata of some clouds
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("192.88.99.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("::/96"),
	netip.MustParsePrefix("64:ff9b::/96"),
	netip.MustParsePrefix("64:ff9b:1::/48"),
	netip.MustParsePrefix("100::/64"),
	netip.MustParsePrefix("2001::/23"),
	netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("2002::/16"),
	netip.MustParsePrefix("fec0::/10"),
}

// public reports whether an address is one that anybody may be sent to.
func public(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	if !ip.IsGlobalUnicast() || ip.IsPrivate() {
		return false // loopback, link-local, multicast, unspecified, private
	}
	for _, p := range internal {
		if p.Contains(ip) {
			return false
		}
	}
	return true
}

// A refusedError says that a name led to an internal address.
type refusedError struct{}

func (refusedError) Error() string { return "it leads to an address inside a private network" }

// refuseInternal is net.Dialer.Control: it sees the address that will be used,
// after the name was looked up, so that no name can change in between.
func refuseInternal(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("channel: dial: %w", err)
	}
	if !public(at.Addr()) {
		return refusedError{}
	}
	return nil
}
