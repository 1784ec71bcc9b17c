"""Servers of files as people have them, on loopback, as contexts that give the URL to write to."""

import asyncio
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

AZURITE = Path(__file__).parents[2] / ".venv/judges/node_modules/.bin/azurite-blob"


@contextmanager
def sftp(root):
    """An SFTP server that keeps people in a folder, without one for temporary files."""
    port = free_port()
    with serving([sys.executable, "-W", "ignore", __file__, root, str(port)], port):
        yield f"sftp://user:s3cret@127.0.0.1:{port}"


@contextmanager
def ftp(root):
    """An FTP server."""
    port = free_port()
    options = ["-i", "127.0.0.1", "-p", str(port), "-w", "-u", "user", "-P", "s3cret", "-d", root]
    with serving([sys.executable, "-W", "ignore", "-m", "pyftpdlib", *options], port):
        yield f"ftp://user:s3cret@127.0.0.1:{port}"


@contextmanager
def azure(root):
    """Azure's own emulator of its blob storage; gives its connection string."""
    port = free_port()
    options = ["--blobPort", str(port), "--location", root, "--silent", "--skipApiVersionCheck"]
    key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
    with serving([AZURITE, *options], port):
        yield (
            f"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey={key};"
            f"BlobEndpoint=http://127.0.0.1:{port}/devstoreaccount1;"
        )


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def serving(command, port):
    """A command that runs, once it takes connections."""
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield
    finally:
        server.kill()
        server.wait()


async def serve_sftp(root, port):
    """Serve a folder to the one user."""
    import asyncssh

    class OneUser(asyncssh.SSHServer):
        def password_auth_supported(self):
            return True

        def validate_password(self, username, password):
            return (username, password) == ("user", "s3cret")

    server = await asyncssh.create_server(
        OneUser,
        "127.0.0.1",
        port,
        server_host_keys=[asyncssh.generate_private_key("ssh-ed25519")],
        sftp_factory=lambda channel: asyncssh.SFTPServer(channel, chroot=root),
    )
    await server.wait_closed()


if __name__ == "__main__":
    asyncio.run(serve_sftp(sys.argv[1], int(sys.argv[2])))
