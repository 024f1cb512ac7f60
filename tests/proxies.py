"""The proxies of deploy/proxy/ before a site of the tests, with a certificate of their own."""

import os
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from coprod_site.embedded import ROOT
from tests.processes import ANSWER_SECONDS, free_port

HOST = "survey.example.org"
MISSING = "The tests need {name}: apt-get install {package}, as .ci/run does."
# What a site of one's own replaces, and what a test does besides: it asks in seconds what others
# ask in minutes, so that the limits are small and never forget.
BURST = 40
NGINX = """\
{user}
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/start.log;
events {{}}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/coprod.conf;
}}
"""
CADDY = "{{\n\tadmin off\n\tskip_install_trust\n\thttp_port {plain}\n\thttps_port {port}\n"


@dataclass(frozen=True)
class Proxy:
    """One that runs: its ports for HTTP and for HTTPS, and where it writes."""

    plain: int
    port: int
    folder: Path

    @contextmanager
    def client(self, address: str = "127.0.0.1", **options: Any) -> Iterator[httpx.Client]:
        """A browser at an address of the loopback, which follows no redirect."""
        trusted = ssl.create_default_context(cafile=str(self.folder / "cert.pem"))
        way = httpx.HTTPTransport(verify=trusted, local_address=address)
        site = f"https://127.0.0.1:{self.port}"
        headers = {"Host": HOST, "Origin": f"https://{HOST}", **options.pop("headers", {})}
        with httpx.Client(
            transport=way, base_url=site, headers=headers, timeout=ANSWER_SECONDS, **options
        ) as client:
            client.event_hooks = {"request": [_named]}
            yield client

    def written(self) -> str:
        """All that it has written into files."""
        logs = [path for path in self.folder.rglob("*.log") if path.is_file()]
        return "\n".join(path.read_text() for path in logs)


def _named(request: httpx.Request) -> None:
    """Asks for the certificate of the site's name, as a browser would."""
    request.extensions["sni_hostname"] = HOST


@contextmanager
def nginx(folder: Path, site: str) -> Iterator[Proxy]:
    """nginx as deploy/proxy/nginx.conf has it, before the site."""
    plain, port = free_port(), free_port()
    text = _replaced(
        (ROOT / "deploy/proxy/nginx.conf").read_text(),
        {
            "127.0.0.1:8000": site.removeprefix("http://"),
            "    listen [::]:80;\n": "",
            "    listen [::]:443 ssl http2;\n": "",
            "listen 80;": f"listen {plain};",
            "listen 443 ssl": f"listen {port} ssl",
            f"/etc/letsencrypt/live/{HOST}/fullchain.pem": f"{folder}/cert.pem",
            f"/etc/letsencrypt/live/{HOST}/privkey.pem": f"{folder}/key.pem",
            "/var/log/nginx/coprod.log": f"{folder}/coprod.log",
            "rate=100r/s": "rate=1r/m",
            "burst=1000 ": f"burst={BURST} ",
        },
    )
    (folder / "coprod.conf").write_text(text)
    # Its workers are of another account where root starts it, and may not enter a test's folder.
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, user=user))
    program = _program("nginx", "nginx-light")
    with _running(folder, [program, "-p", str(folder), "-c", str(folder / "nginx.conf")]):
        yield _up(Proxy(plain, port, folder))


@contextmanager
def caddy(folder: Path, site: str) -> Iterator[Proxy]:
    """Caddy as deploy/proxy/Caddyfile has it, before the site."""
    plain, port = free_port(), free_port()
    text = _replaced(
        (ROOT / "deploy/proxy/Caddyfile").read_text(),
        {
            "127.0.0.1:8000": site.removeprefix("http://"),
            "{\n\tservers": f"{CADDY.format(plain=plain, port=port)}\tservers",
            f"{HOST} {{\n": f"{HOST} {{\n\ttls {folder}/cert.pem {folder}/key.pem\n",
        },
    )
    (folder / "Caddyfile").write_text(text)
    command = [_program("caddy", "caddy"), "run", "--config", str(folder / "Caddyfile")]
    with _running(folder, command):
        yield _up(Proxy(plain, port, folder))


def _replaced(text: str, changes: dict[str, str]) -> str:
    for old, new in changes.items():
        assert old in text, f"{old!r} is not there to be replaced"
        text = text.replace(old, new)
    return text


def _program(name: str, package: str) -> str:
    found = shutil.which(name, path="/usr/sbin:/usr/bin:/usr/local/bin:/opt/homebrew/bin")
    assert found, MISSING.format(name=name, package=package)
    return found


@contextmanager
def _running(folder: Path, command: list[str]) -> Iterator[None]:
    _certify(folder)
    folder.chmod(0o755)
    with (folder / "said.log").open("wb") as said:
        process = subprocess.Popen(
            command, stdout=said, stderr=subprocess.STDOUT, env={"HOME": str(folder)}
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def _up(proxy: Proxy) -> Proxy:
    """The proxy once it answers; fails with what it wrote if it does not."""
    end = time.monotonic() + ANSWER_SECONDS
    while time.monotonic() < end:
        with suppress(httpx.HTTPError):
            httpx.get(f"http://127.0.0.1:{proxy.plain}/", headers={"Host": HOST})
            return proxy
        time.sleep(0.05)
    raise AssertionError(proxy.written())


def _certify(folder: Path) -> None:
    """A certificate that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(tz=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
