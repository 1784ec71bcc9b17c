"""Faults of a service, as the errors that they become, with what helps; some may be gone at the next try."""

from __future__ import annotations

from typing import TYPE_CHECKING

from icreport.client.responses import reason_of, retry_after
from icreport.errors import AuthenticationError, ServiceError, UnavailableError, UnreachableError

if TYPE_CHECKING:
    import httpx


class RetriableError(Exception):
    """A fault that may be gone at the next try, in so many seconds where the server says when."""

    def __init__(self, error: ServiceError, wait: float = 0) -> None:
        super().__init__()
        self.error = error
        self.wait = wait


def not_accepted(base: str, response: httpx.Response) -> AuthenticationError:
    """Return the error for a login that is refused."""
    asked = {way.partition(" ")[0].lower() for way in response.headers.get_list("www-authenticate", split_commas=True)}
    if asked and asked <= {"ntlm", "negotiate"}:
        return AuthenticationError(
            f"{base} asks for Windows authentication (NTLM or Kerberos), which leaves no room for the service's login",
            remedy="ask for an address of the service without it",
        )
    return AuthenticationError(f"{base} did not accept the credentials")


def proxy_failed(where: str, error: Exception) -> UnreachableError:
    """Return the error for a proxy that cannot be used, or refuses."""
    return UnreachableError(
        f"the proxy to {where} failed: {reason_of(error)}",
        remedy="see HTTPS_PROXY, HTTP_PROXY and ALL_PROXY, proxy= or --proxy; NO_PROXY names hosts that need none",
    )


_UNTRUSTED = (
    ("hostname mismatch", "give the server by a name that is in its certificate"),
    ("ip address mismatch", "give the server by a name that is in its certificate"),
    ("expired", "whoever runs the server has to renew it"),
    ("not yet valid", "compare the clocks of both machines"),
    ("missing authority key identifier", "its maker has to make it as RFC 5280 asks, which Python 3.13 insists on"),
    ("basic constraints", "its maker has to make it as RFC 5280 asks, which Python 3.13 insists on"),
    ("", "for a company's own, name a file of its certificates: ca_bundle= or --ca-bundle"),
)


def unreachable(where: str, error: Exception) -> Exception:
    """Return the error for a server to which there is no connection; no try will mend a certificate."""
    reason = reason_of(error)
    if "CERTIFICATE_VERIFY_FAILED" in reason:
        what = reason.partition("certificate verify failed: ")[2]
        remedy = next(remedy for words, remedy in _UNTRUSTED if words in what.lower())
        return UnreachableError(f"{where} has a certificate that is not trusted: {what}", remedy=remedy)
    return RetriableError(UnreachableError(f"cannot reach {where}: {reason}"))


def unavailable(where: str, response: httpx.Response) -> RetriableError:
    """Return the error for a server that says that it cannot be used now, and when it will be."""
    wait = retry_after(response)
    remedy = f"it asks for {wait:,.0f} seconds until the next try" if wait else "try again later"
    return RetriableError(
        UnavailableError(f"{where} is not available (HTTP {response.status_code})", remedy=remedy), wait or 0
    )
