import logging
import traceback

import pytest

import icreport
from icweb.server import CREDENTIALS, ICWeb, running


@pytest.fixture(params=["6.7", "6.8", "6.9"])
def version(request):
    return request.param


@pytest.fixture
def icweb():
    return ICWeb()


@pytest.fixture
def address(icweb):
    with running(icweb) as url:
        yield url


@pytest.fixture
def client(address):
    with icreport.Client(address, api_key=CREDENTIALS["APIKEY"], backoff=0.01, timeout=1.0, attempts=3) as client:
        yield client


@pytest.fixture(autouse=True)
def no_secret_is_told(request, caplog, capfd):
    """Whatever a test does: no key, password or hash in logs (at DEBUG), output or tracebacks."""
    caplog.set_level(logging.DEBUG)
    told = []
    request.node.told = told
    icweb = request.getfixturevalue("icweb") if "icweb" in request.fixturenames else None
    yield
    out, err = capfd.readouterr()
    said = "\n".join([caplog.text, out, err, *told])
    for secret in icweb.secrets if icweb else CREDENTIALS.values():
        assert secret not in said


@pytest.fixture
def fails(request):
    """Run something that must fail; gives the error, and has its whole traceback searched for secrets."""

    def failing(kind, action):
        with pytest.raises(kind) as caught:
            action()
        error = caught.value
        request.node.told.append("".join(traceback.format_exception(error)))
        request.node.told.append(repr(error))
        assert "\n" not in str(error)
        return error

    return failing
