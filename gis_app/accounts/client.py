"""Who is at the other end of the line, as far as it matters: a key that tells nobody's address."""

from ipaddress import IPv6Address, IPv6Network

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

IPV6_NETWORK_BITS = 64  # what one subscriber is given, to choose addresses from as she likes


def client_of(request: HttpRequest) -> str:
    """Return the throttle's key of who sends *request*: a keyed hash of the real address."""
    return salted_hmac("rasd.client", _address(request), algorithm="sha256").hexdigest()


def _address(request: HttpRequest) -> str:
    """Return the address that the outermost of our own proxies saw.

    Whatever stands further left in X-Forwarded-For was written by the client itself.
    """
    address = request.META.get("REMOTE_ADDR", "")
    hops = request.headers.get("X-Forwarded-For", "").split(",")
    if 0 < settings.RASD_PROXIES <= len(hops):
        address = hops[-settings.RASD_PROXIES].strip() or address
    return _network(address)


def _network(address: str) -> str:
    try:
        found = IPv6Address(address)
    except ValueError:  # IPv4, or a socket without any address
        return address
    if found.ipv4_mapped:  # how a socket for both kinds tells IPv4: all of it is one network
        return str(found.ipv4_mapped)
    return str(IPv6Network((found, IPV6_NETWORK_BITS), strict=False))
