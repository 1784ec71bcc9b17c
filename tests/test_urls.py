"""URLs that leave the process are told without their secrets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icreport.urls import identity, redacted, redacted_text

SECRETS = st.text("abcXYZ019/?#@:!$%", min_size=1).map(lambda text: f"s3cret{text}s3cret")


@given(SECRETS, st.sampled_from(["sftp", "s3", "https"]))
def test_no_password_is_told_whatever_is_in_it(password, scheme):
    for url in (f"{scheme}://user:{password}@host/folder/a.json", f"zip://a.json::{scheme}://user:{password}@host/a"):
        for told in (redacted(url), identity(url), redacted_text(f"cannot open {url}!")):
            assert "s3cret" not in told
            assert "host/" in told


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://host/a.json?sig=s3cret&x=1#part", "https://host/a.json?…"),
        ("sftp://user:s3cret@host:22/a.json", "sftp://host:22/a.json"),
        ("https://token-s3cret@host/a", "https://host/a"),
        ("sftp://user:s3::cret@host/a", "sftp://host/a"),
        ("sftp://user:s3@cr/et@host/a", "sftp://host/a"),
        ("sftp://[user:s3/cret@host/a", "sftp://host/a"),
        ("ftp://user:12/s3cret@host/a", "ftp://host/a"),
        ("ftp://user:s3@c#ret@host/a", "ftp://host/a"),
        ("ftp://user:s3cret", "ftp://…"),
        ("ftp://user@host/a@b", "ftp://b"),
        ("simplecache::s3://bucket/a@b", "simplecache::s3://bucket/a@b"),
        ("zip://a.json::sftp://user:s3cret@host/a.zip", "zip://a.json::sftp://host/a.zip"),
    ],
)
def test_a_url_is_shown_without_its_secrets(url, shown):
    assert redacted(url) == shown
    assert redacted_text(f"cannot open '{url}' now") == f"cannot open '{shown}' now"


@pytest.mark.parametrize(
    "url", ["s3://bucket/a@b.json", "https://host:8080/a", "http://[::1]:8080/a", "memory://x/y.json", "plain.json"]
)
def test_what_is_no_secret_stays(url):
    assert redacted(url) == identity(url) == url


def test_two_urls_that_look_alike_are_told_apart_and_a_changed_password_makes_no_other():
    assert len({identity(f"https://host/a{query}") for query in ("?id=1", "?id=2", "")}) == 3
    assert "id=1" not in identity("https://host/a?id=1")
    assert identity("sftp://user:old@host/a") == identity("sftp://user:new@host/a") == "sftp://host/a"
