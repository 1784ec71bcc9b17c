import pytest

from icreport.urls import identity, redacted, redacted_text


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("s3://bucket/a/b.json", "s3://bucket/a/b.json"),
        ("sftp://user:s3cret@host:22/a.json", "sftp://host:22/a.json"),
        ("https://host/a.json?sig=s3cret&x=1#part", "https://host/a.json?…"),
        ("https://token-s3cret@host/a", "https://host/a"),
        ("ftp://user:s3/cret@host/a", "ftp://…"),
        ("ftp://user:12/s3cret@host/a", "ftp://…"),
        ("ftp://user:s3?cret@host/a", "ftp://…"),
        ("ftp://user:s3#cret@host/a", "ftp://…"),
        ("ftp://user:s3@cret@host/a", "ftp://host/a"),
        ("ftp://user:s3@c/ret@host/a", "ftp://…"),
        ("ftp://user:s3@c#ret@host/a", "ftp://…"),
        ("ftp://user@host/a@b", "ftp://host/a@b"),
        ("ftp://user::s3cret@host/a", "ftp://…"),
        ("ftp://user:s3::cr::et@host/a", "ftp://…"),
        ("simplecache::s3://bucket/a@b", "simplecache::s3://bucket/a@b"),
        ("http://[::1]:8080/a", "http://[::1]:8080/a"),
        ("zip://a.json::sftp://user:s3cret@host/a.zip", "zip://a.json::sftp://host/a.zip"),
        ("s3://bucket/a@b.json", "s3://bucket/a@b.json"),
    ],
)
def test_a_url_is_shown_without_its_secrets(url, shown):
    assert redacted(url) == shown
    assert redacted_text(f"cannot open '{url}' now") == f"cannot open '{shown}' now"


def test_two_urls_that_look_alike_are_told_apart():
    urls = ["https://host/a?id=1", "https://host/a?id=2", "https://host/a"]
    assert len({identity(url) for url in urls}) == 3
    assert identity(urls[2]) == urls[2]
    assert "id=1" not in identity(urls[0])
