"""Which server, and who we are there: from the environment, or from a file that only its owner reads."""

from __future__ import annotations

import codecs
import os
import stat
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from icreport.client.address import candidates
from icreport.errors import UsageError, choices

if TYPE_CHECKING:
    from collections.abc import Iterable

_CREDENTIALS = frozenset(("api_key", "username", "password", "token"))
_OF_SERVERS = frozenset(
    ("ca_bundle", "backoff", "proxy", "client_cert", "client_key", "client_key_password", "insecure")
)
_TOP = frozenset(("server", "servers"))
_OTHERS = stat.S_IRGRP | stat.S_IROTH


class Settings(BaseSettings):
    """What `ICREPORT_…` variables and the configuration file say; the variables win."""

    model_config = SettingsConfigDict(env_prefix="ICREPORT_", env_ignore_empty=True, extra="ignore")

    server: str | None = None
    api_key: SecretStr | None = None
    username: str | None = None
    password: SecretStr | None = None
    token: SecretStr | None = None
    proxy: SecretStr | None = None
    ca_bundle: str | None = None
    client_cert: str | None = None
    client_key: str | None = None
    client_key_password: SecretStr | None = None
    insecure: bool = False
    backoff: float = 0.5

    def ways(self) -> dict[str, Any]:
        """Return how the server is reached, by the names that `Client` and `Route` have for it."""
        return {
            "proxy": self.secret("proxy"),
            "ca_bundle": self.ca_bundle,
            "client_cert": self.client_cert,
            "client_key": self.client_key,
            "client_key_password": self.secret("client_key_password"),
            "insecure": self.insecure,
        }

    def secret(self, name: str) -> str | None:
        """Return a secret, for the one who logs in with it."""
        value: SecretStr | None = getattr(self, name)
        return value.get_secret_value() if value else None


def load_settings(server: str | None, /, **given: object) -> tuple[Settings, list[str]]:
    """Read the settings for a server (or for the one that they name), and what there is to warn of; `given` ones win.

    The file is `$ICREPORT_CONFIG`, else `icreport/config.toml` in `$XDG_CONFIG_HOME` or `~/.config`: `server` at its
    top, and for each server a table `[servers."ADDRESS"]` with `api_key`, `username` and `password`, or `token`.
    """
    try:
        found = Settings()
        known = {name: value for name, value in found.model_dump(exclude_unset=True).items() if value is not None}
        has_credentials = bool(known.keys() & {"api_key", "password", "token"})
        chosen, warnings = _from_file(
            server or found.server, is_needed=not (has_credentials and (server or found.server))
        )
        if has_credentials:
            chosen = {name: value for name, value in chosen.items() if name not in _CREDENTIALS}
        merged = chosen | known | ({"server": server} if server else {}) | given
        return Settings.model_validate(merged), warnings
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise UsageError(f"setting {'.'.join(map(str, first['loc']))}: {first['msg'].lower()}") from None


def config_path() -> Path:
    """Return where the configuration file is, or would be."""
    home = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")  # noqa: PTH111 - no home is no error
    return Path(os.environ.get("ICREPORT_CONFIG") or f"{home}/icreport/config.toml")


def _from_file(server: str | None, *, is_needed: bool) -> tuple[dict[str, Any], list[str]]:
    """Read the configuration file; one that cannot be read, is not needed and was not asked for is told and left."""
    path = config_path()
    try:
        mode = path.stat().st_mode
        content = tomllib.loads(_decoded(path.read_bytes()))
    except (FileNotFoundError, NotADirectoryError):
        return {}, []
    except (OSError, UnicodeDecodeError, RecursionError, tomllib.TOMLDecodeError) as error:
        # TOML errors name a line and column, never what stands there.
        what = f"cannot read {str(path)!r}: {getattr(error, 'strerror', None) or error}"
        if is_needed or "ICREPORT_CONFIG" in os.environ:
            raise UsageError(what) from None
        return {}, [what]
    warnings = [f"{path} can be read by others; chmod 600 {path}"] if mode & _OTHERS and os.name == "posix" else []
    named = content.get("server")
    wanted = server or (named if isinstance(named, str) else "")
    servers = content.get("servers")
    sections = servers.items() if isinstance(servers, dict) else ()
    warnings += [_unknown(path, name, _TOP) for name in content if name not in _TOP]
    warnings += [
        _unknown(path, f"{address}.{name}", _CREDENTIALS | _OF_SERVERS)
        for address, section in sections
        for name in (section if isinstance(section, dict) else ())
        if name not in _CREDENTIALS | _OF_SERVERS
    ]
    found = [section for address, section in sections if isinstance(section, dict) and _are_one(address, wanted)]
    return ({"server": wanted} if wanted else {}) | (found[0] if found else {}), warnings


def _decoded(content: bytes) -> str:
    """Decode a file, which editors and shells of Windows start with a mark, and write as UTF-16 at times."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16")
    return content.decode("utf-8-sig")


def _unknown(path: Path, name: str, known: Iterable[str]) -> str:
    remedy = choices(name.rpartition(".")[2], sorted(known))
    if name in _CREDENTIALS:
        remedy = 'credentials belong under [servers."ADDRESS"]'
    return f"{path}: {name!r} means nothing ({remedy})"


def _are_one(address: str, other: str) -> bool:
    """Return whether two addresses may stand for one server, such as a host with and without its mount."""
    try:
        return not set(candidates(address)).isdisjoint(candidates(other))
    except UsageError:
        return False
