"""Addresses of IC-Web servers, in any of the forms in which people have them."""

from __future__ import annotations

from urllib.parse import quote, unquote, urlsplit

import httpx

from icreport.errors import UsageError

_DLL = "icweb.dll"
_APART = "give them apart: username= and password=, or ICREPORT_USERNAME and ICREPORT_PASSWORD"


def candidates(url: str) -> list[str]:
    """Return the base URLs that a server's address may stand for, the likeliest first.

    An address that ends in `icweb.dll` is taken as it is, one with a path gets `icweb.dll` added; for a bare host both
    mounts that are known of are tried: `/data/icweb.dll`, which the public clients use, and `/icweb.dll`.
    """
    url = url.strip()
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
        known = parts.scheme in {"http", "https"} and bool(httpx.URL(f"{parts.scheme}://{parts.netloc}").host)
    except (ValueError, httpx.InvalidURL):
        known = False
    if not known:
        raise UsageError("the server is no http or https address", remedy="such as https://host/data")
    if parts.username or parts.password:
        raise UsageError("the server's address holds credentials", remedy=_APART)
    if parts.query or parts.fragment:
        raise UsageError("the server's address has a query", remedy="leave out what follows ? or #")
    root = f"{parts.scheme}://{parts.netloc}"
    # A mount may have blanks, written as they are or as %20.
    path = quote(unquote(parts.path.strip("/")), safe="/~!$&'()*+,;=:@")
    if path.lower().endswith(_DLL):
        return [f"{root}/{path}"]
    return [f"{root}/{path}/{_DLL}"] if path else [f"{root}/data/{_DLL}", f"{root}/{_DLL}"]
