"""The files in deploy/ are right: units, reverse proxies in front of a real server, image and compose file."""

import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from tracker.config import VARIABLES

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
BIN = Path(sys.executable).parent
PATH = f"{os.environ['PATH']}:/usr/sbin:/sbin"
ELSEWHERE = "203.0.113.9"  # an address that a client claims to have


def program(name):
    """The path of a program that `make test` installs."""
    found = shutil.which(name, path=PATH)
    assert found, f"{name} is missing: make test installs it"
    return found


# -- systemd ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_accepts_the_unit_and_rates_its_rights_as_few(unit, tmp_path):
    here = tmp_path / unit.name
    here.write_text(unit.read_text().replace("/opt/tracker/bin", str(BIN)))
    analyze = program("systemd-analyze")
    verified = subprocess.run([analyze, "verify", "--man=no", here], capture_output=True, text=True, check=False)
    said = [line for line in (verified.stdout + verified.stderr).splitlines() if unit.name in line]
    assert (verified.returncode, said) == (0, [])
    rated = subprocess.run(
        [analyze, "security", "--offline=true", "--no-pager", "--threshold=20", here],  # 2.0 of 10
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert rated.returncode == 0, rated.stdout[-400:] + rated.stderr


# -- reverse proxies -------------------------------------------------------------------------------


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    names = ["-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    files = ["-keyout", folder / "key.pem", "-out", folder / "cert.pem"]
    subprocess.run([*command, *names, *files], check=True, capture_output=True)
    return folder


@contextmanager
def process(command, folder, listens, **environ):
    """A server that has said that it listens, as the lines that it goes on to write."""
    env = {"PATH": PATH, "HOME": str(folder), **environ}
    run = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(command, env=env, cwd=folder, **run) as running:
        try:
            said = []
            for line in running.stdout:
                said.append(line)
                if listens in line:
                    break
            else:
                raise AssertionError("".join(said))
            yield running.stdout
        finally:
            running.terminate()
            running.stdout.read()


@pytest.fixture(scope="module")
def upstream(tmp_path_factory):
    """A tracker that is told of one proxy in front: its port, and the lines of its log."""
    folder, port = tmp_path_factory.mktemp("upstream"), free_port()
    settings = {
        "TRACKER_DATABASE_URL": f"sqlite:///{folder}/record.db", "TRACKER_PORT": str(port), "TRACKER_PROXIES": "1",
        "TRACKER_BASE_URL": "https://localhost", "TRACKER_LOG": "json", "TRACKER_SECRET_KEY": "k" * 32,
    }  # fmt: skip
    subprocess.run([BIN / "tracker", "init"], env={"PATH": PATH, **settings}, check=True, capture_output=True)
    with process([BIN / "tracker", "serve"], folder, "Serving on", **settings) as log:
        yield port, log


def nginx(folder, upstream_port, port, certificate):
    site = (DEPLOY / "nginx.conf").read_text()
    site = site.replace("/etc/letsencrypt/live/treaties.example.org/fullchain.pem", str(certificate / "cert.pem"))
    site = site.replace("/etc/letsencrypt/live/treaties.example.org/privkey.pem", str(certificate / "key.pem"))
    site = site.replace("treaties.example.org", "localhost").replace("127.0.0.1:8000", f"127.0.0.1:{upstream_port}")
    site = re.sub(r"listen \[::\]:.*\n", "", site)
    site = site.replace("listen 80;", f"listen 127.0.0.1:{free_port()};")
    site = site.replace("listen 443 ssl", f"listen 127.0.0.1:{port} ssl")
    bodies = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = f"daemon off;\npid {folder}/pid;\nerror_log stderr notice;\nevents {{}}\n"
    main += f"http {{\naccess_log off;\n{bodies}{site}}}\n"
    (folder / "nginx.conf").write_text(f"user root;\n{main}" if os.geteuid() == 0 else main)
    command = [program("nginx"), "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf")]
    tested = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tested.returncode == 0, tested.stderr
    return command, "start worker process", {}


def caddy(folder, upstream_port, port, certificate):
    site = (DEPLOY / "Caddyfile").read_text()
    tls = f"\ttls {certificate / 'cert.pem'} {certificate / 'key.pem'}\n"
    options = f"{{\n\tadmin off\n\thttp_port {free_port()}\n\thttps_port {port}\n\tskip_install_trust\n}}\n"
    (folder / "Caddyfile").write_text(options + site.replace("} {\n", "} {\n" + tls, 1))
    given = ["--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
    environ = {"SITE": "https://localhost", "UPSTREAM": f"127.0.0.1:{upstream_port}", "HOME": str(folder)}
    command = [program("caddy"), "validate", *given]
    tested = subprocess.run(command, capture_output=True, text=True, check=False, env={"PATH": PATH, **environ})
    assert tested.returncode == 0, tested.stderr
    return [program("caddy"), "run", *given], "serving initial configuration", environ


@pytest.fixture(scope="module", params=[nginx, caddy], ids=["nginx", "caddy"])
def proxy(request, tmp_path_factory, upstream, certificate):
    """A way to ask the site through the reverse proxy, over TLS; the path and the body that is sent are given."""
    folder, port = tmp_path_factory.mktemp("proxy"), free_port()
    command, listens, environ = request.param(folder, upstream[0], port, certificate)
    trust = ssl.create_default_context(cafile=str(certificate / "cert.pem"))

    def ask(path, body=None, **headers):
        asked = urllib.request.Request(f"https://localhost:{port}{path}", body, headers)
        try:
            with urllib.request.urlopen(asked, context=trust, timeout=60) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.headers, ""
        except (urllib.error.URLError, ConnectionError) as cut:
            # A proxy may hang up while a body that it refuses is still being sent; nothing else is a refusal.
            if body is None or not isinstance(getattr(cut, "reason", cut), ConnectionError | ssl.SSLEOFError):
                raise
            return 413, {}, str(cut)

    with process(command, folder, listens, **environ):
        yield ask


pytestmark = pytest.mark.slow


def test_pages_are_served_over_tls_and_links_name_the_public_address(proxy):
    status, headers, page = proxy("/instruments/untoc")
    assert status == 200
    assert "United Nations Convention against Transnational Organized Crime" in page
    assert "Strict-Transport-Security" in headers
    assert "https://localhost/" in proxy("/changes.atom")[2]


def test_the_proxy_says_who_asks_and_nobody_else_can(proxy, upstream):
    named = f"request-{os.urandom(8).hex()}"
    claimed = {"X-Forwarded-For": ELSEWHERE, "X-Forwarded-Proto": "http", "X-Request-Id": named}
    assert proxy("/live", **claimed)[0] == 200
    line = next(line for line in upstream[1] if named in line)
    assert "203.0.113" not in line
    assert "127.0.0.0/24" in line


def test_what_is_not_for_the_public_and_what_is_too_large_is_refused_by_the_proxy(proxy):
    assert proxy("/metrics")[0] == 404
    assert proxy("/what-if", b"x" * 3_000_000)[0] in (413, 502)  # Caddy before 2.7 knows no better status


# -- settings, image, compose ----------------------------------------------------------------------


def test_the_example_of_settings_names_only_settings_and_all_that_a_public_site_needs():
    named = set(re.findall(r"^([A-Z_]+)=", (DEPLOY / "tracker.env.example").read_text(), re.MULTILINE))
    assert named <= set(VARIABLES)
    assert {"TRACKER_DATABASE_URL", "TRACKER_SECRET_KEY", "TRACKER_BASE_URL", "TRACKER_PROXIES"} <= named


def test_the_image_is_linted_and_runs_without_rights():
    text = (DEPLOY / "Containerfile").read_text()
    last = text.rpartition("\nFROM ")[2]
    assert re.findall(r"^USER (.*)$", last, re.MULTILINE) == ["10001:10001"]
    assert "HEALTHCHECK" in last
    assert "--require-hashes" in text
    if hadolint := shutil.which("hadolint", path=f"{BIN}:{PATH}"):  # there is none for every machine
        subprocess.run([hadolint, DEPLOY / "Containerfile"], check=True)


def test_the_image_takes_all_that_the_wheel_is_built_from_and_no_more():
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert all((ROOT / name).exists() for name in kept)
    copied = re.findall(r"requirements/\w+\.txt", (DEPLOY / "Containerfile").read_text())
    assert {name.partition("/")[0] for name in copied} <= kept
    assert {"tracker", "data", "static", "pyproject.toml", "README.md", "LICENSE", "NOTICE"} <= kept


@pytest.mark.parametrize("name", ["init", "web", "worker"])
def test_each_container_of_the_program_has_a_read_only_root_and_no_rights(name):
    service = COMPOSE["services"][name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "ports" not in service
    assert set(service["environment"]) <= set(VARIABLES)


def test_only_the_proxy_is_reached_from_outside_and_the_database_from_nowhere_else():
    services = COMPOSE["services"]
    assert [name for name, each in services.items() if "ports" in each] == ["proxy"]
    assert services["database"]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    started = {name for each in services.values() for name in each.get("depends_on", {})}
    assert started <= set(services)
    assert services["web"]["depends_on"]["init"]["condition"] == "service_completed_successfully"
