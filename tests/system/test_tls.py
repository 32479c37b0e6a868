"""TLS on both legs, with an authority of the test's own."""

import pytest
from peers.certificates import TestAuthority
from peers.clients import CurlError, curl, curl_json
from peers.gateway_process import GatewayProcess, run_command

INVOKE = {"prompt": "Flight EY283 from BKK to AUH is 3 hours late"}


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return TestAuthority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def stranger(tmp_path_factory):
    return TestAuthority(tmp_path_factory.mktemp("stranger"), "Somebody else's CA")


class ByName:
    """The same runtime, addressed by a name."""

    def __init__(self, runtime, host):
        self._runtime, self._host = runtime, host

    def url(self):
        return self._runtime.url(self._host)

    def __getattr__(self, name):
        return getattr(self._runtime, name)


def test_speaks_wss_to_a_runtime_it_can_verify(start_gateway, start_runtime, authority):
    runtime = start_runtime(tls=authority.server_context("localhost", "DNS:localhost"))
    gateway = start_gateway(ByName(runtime, "localhost"), runtime_ca_file=authority.certificate)
    answers = [gateway.invoke() for _ in range(3)]
    assert [answer.status for answer in answers] == [200] * 3
    assert len(runtime.requests) == 3


def test_speaks_wss_to_an_address_in_the_certificate(start_gateway, start_runtime, authority):
    runtime = start_runtime(tls=authority.server_context("address", "IP:127.0.0.1"))
    gateway = start_gateway(runtime, runtime_ca_file=authority.certificate)
    assert gateway.invoke().status == 200


@pytest.mark.parametrize(
    ("names", "trusted"), [("DNS:elsewhere.example", True), ("DNS:localhost,IP:127.0.0.1", False)]
)
def test_tells_a_runtime_it_cannot_verify_nothing(
    start_gateway, start_runtime, authority, stranger, names, trusted
):
    runtime = start_runtime(tls=authority.server_context("odd", names))
    ca_file = (authority if trusted else stranger).certificate
    gateway = start_gateway(runtime, runtime_ca_file=ca_file, retry_delays_ms="10,10")
    answer = gateway.invoke()
    assert (answer.status, answer.error_code) == (502, "CONNECTION_FAILED")
    assert runtime.requests == []


def test_trusts_the_system_only_by_default(start_gateway, start_runtime, authority):
    runtime = start_runtime(tls=authority.server_context("default", "IP:127.0.0.1"))
    answer = start_gateway(runtime, retry_delays_ms="10").invoke()
    assert (answer.status, answer.error_code) == (502, "CONNECTION_FAILED")
    assert runtime.requests == []


def test_refuses_a_runtime_that_does_not_speak_tls(start_gateway, start_runtime, authority):
    runtime = start_runtime()
    gateway = start_gateway(
        runtime_url=runtime.url().replace("ws:", "wss:"),
        runtime_ca_file=authority.certificate,
        retry_delays_ms="10",
    )
    answer = gateway.invoke()
    assert (answer.status, answer.error_code) == (502, "CONNECTION_FAILED")


def test_serves_https(tmp_path, start_runtime, authority):
    certificate, key = authority.issue("gateway", "DNS:localhost,IP:127.0.0.1")
    runtime = start_runtime()
    # Not by start_gateway: its checks afterwards speak plain HTTP.
    gateway = GatewayProcess(
        tmp_path / "https", ["--tls-cert", certificate, "--tls-key", key], runtime_url=runtime.url()
    )
    try:
        assert gateway.scheme == "https"
        trust = ["--cacert", authority.certificate]
        answer = curl(f"{gateway.url}/api/v1/health", *trust)
        assert answer.status == 200 and answer.json()["version"]
        for fields in ({}, {"streaming": True}):
            answer = curl_json(f"{gateway.url}/api/v1/invoke", {**INVOKE, **fields}, *trust)
            assert answer.status == 200 and b'"success"' in answer.body
        for version in ("1.2", "1.3"):
            assert (
                curl(f"{gateway.url}/api/v1/health", *trust, f"--tlsv{version}", "--tls-max", version).status
                == 200
            )
        with pytest.raises(CurlError) as old:
            curl(f"{gateway.url}/api/v1/health", *trust, "--tls-max", "1.1")
        assert old.value.code == 35
        with pytest.raises(CurlError) as untrusted:
            curl(f"{gateway.url}/api/v1/health")
        assert untrusted.value.code == 60
        with pytest.raises(CurlError):
            curl(f"http://{gateway.host}:{gateway.port}/api/v1/health")
        large = {"prompt": "x" * 10_000}
        assert curl_json(f"{gateway.url}/api/v1/invoke", large, *trust).status == 200
        gateway.stop()
    finally:
        gateway.kill()


def test_does_not_start_with_a_key_of_another_certificate(tmp_path, authority):
    certificate, _ = authority.issue("one", "DNS:localhost")
    _, key = authority.issue("two", "DNS:localhost")
    done = run_command(
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--auth",
        "none",
        "--tls-cert",
        certificate,
        "--tls-key",
        key,
        settings={"database": tmp_path / "sessions.db"},
    )
    assert done.returncode not in (0, 99) and done.stderr.strip()
