"""HTTP as clients, careless clients and attackers speak it: with curl and with a bare socket."""

import subprocess

import pytest
from peers.clients import curl, curl_json, expect_common_headers, expect_problem, parse_head

HEALTH = b"GET /api/v1/health HTTP/1.1\r\nHost: gateway\r\n\r\n"
INVOKE = {"prompt": "Flight EY283 from BKK to AUH is 3 hours late"}


@pytest.fixture
def gateway(start_gateway, start_runtime):
    return start_gateway(start_runtime())


# -- paths and methods ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/api",
        "/api/v1",
        "/api/v1/",
        "/api/v1/invoke/",
        "/api/v1/nothing",
        "/x?y=z",
        "/api/v1/sessions/a/b",
        "/api/v1%2Finvoke",
        "/API/V1/INVOKE",
        "//api/v1/health",
    ],
)
def test_unknown_paths_are_not_found(gateway, path):
    expect_problem(curl(gateway.url + path, "--path-as-is"), 404, "NOT_FOUND")


@pytest.mark.parametrize("path", ["/api/v2/invoke", "/api/v0/health", "/api/v2", "/api/v10/sessions"])
def test_other_versions_are_named_as_such(gateway, path):
    answer = curl(gateway.url + path)
    expect_problem(answer, 404, "UNSUPPORTED_VERSION")
    assert "v1" in str(answer.json()["details"])


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/api/v1/invoke", {"POST", "OPTIONS"}),
        ("PUT", "/api/v1/invoke", {"POST", "OPTIONS"}),
        ("DELETE", "/api/v1/sessions", {"GET", "HEAD", "POST", "OPTIONS"}),
        (
            "POST",
            "/api/v1/sessions/7f0c1f6e-3a52-4d1c-9b1e-0123456789ab",
            {"GET", "HEAD", "DELETE", "OPTIONS"},
        ),
        ("PATCH", "/api/v1/health", {"GET", "HEAD", "OPTIONS"}),
        ("BREW", "/api/v1/health", {"GET", "HEAD", "OPTIONS"}),
        ("TRACE", "/api/v1/health", {"GET", "HEAD", "OPTIONS"}),
    ],
)
def test_other_methods_are_told_which_there_are(gateway, method, path, allowed):
    answer = curl(gateway.url + path, "-X", method)
    expect_problem(answer, 405, "METHOD_NOT_ALLOWED")
    assert {name.strip() for name in answer.header("allow").split(",")} == allowed


@pytest.mark.parametrize("path", ["/api/v1/health", "/api/v1/sessions"])
def test_head_is_get_without_the_body(gateway, path):
    got = curl(gateway.url + path)
    head = curl(gateway.url + path, "--head")
    assert head.status == got.status == 200
    assert head.body == b""
    assert head.header("content-type") == got.header("content-type")
    if path.endswith("sessions"):
        assert head.header("content-length") == got.header("content-length") == str(len(got.body))


def test_head_leaves_the_connection_usable(gateway):
    with gateway.raw() as client:
        client.send(b"HEAD /api/v1/health HTTP/1.1\r\nHost: gateway\r\n\r\n" + HEALTH)
        assert client.read_answer(head_only=True).status == 200
        assert client.read_answer().json()["version"]


@pytest.mark.parametrize("before", [b"\r\n", b"\r\n\r\n"])
def test_skips_empty_lines_before_a_request(gateway, before):
    """RFC 9112 section 2.2: some clients send one behind a body."""
    with gateway.raw() as client:
        client.send(before + HEALTH)
        assert client.read_answer().status == 200
        client.send(before)
        client.send(HEALTH)
        assert client.read_answer().status == 200


def test_does_not_skip_empty_lines_for_ever(gateway):
    with gateway.raw() as client:
        client.send(b"\r\n" * 1000 + HEALTH)
        expect_problem(client.read_answer(), 400, "INVALID_REQUEST")


@pytest.mark.parametrize(
    "target",
    [
        b"/%",
        b"/%zz",
        b"/api/v1/health?x=%2",
        b"/%00",
        b"/%ff",
        b"/a b",
        b"/\x01",
        b"/\xc3\xa9",
        b"*",
        b"/a#b",
    ],
)
def test_odd_targets_are_refused(gateway, target):
    with gateway.raw() as client:
        client.send(b"GET " + target + b" HTTP/1.1\r\nHost: gateway\r\n\r\n")
        expect_problem(client.read_answer(), 400, "INVALID_REQUEST")


def test_takes_the_absolute_form_of_a_target(gateway):
    with gateway.raw() as client:
        client.send(b"GET http://gateway/api/v1/health HTTP/1.1\r\nHost: gateway\r\n\r\n")
        assert client.read_answer().status == 200


# -- cross-origin requests ------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/api/v1/invoke", "/api/v1/sessions", "/anything", "/api/v9/x"])
def test_answers_preflight_everywhere(gateway, path):
    answer = curl(
        gateway.url + path,
        "-X",
        "OPTIONS",
        "-H",
        "Origin: https://ops.example",
        "-H",
        "Access-Control-Request-Method: POST",
    )
    assert answer.status in (200, 204)
    assert {"GET", "POST", "DELETE"} <= {
        name.strip() for name in answer.header("access-control-allow-methods").split(",")
    }
    allowed = answer.header("access-control-allow-headers").lower()
    assert "content-type" in allowed and "authorization" in allowed
    expect_common_headers(answer)


def preflight(gateway, names):
    return curl(
        f"{gateway.url}/api/v1/invoke",
        "-X",
        "OPTIONS",
        "-H",
        "Origin: https://ops.example",
        "-H",
        "Access-Control-Request-Method: POST",
        "-H",
        f"Access-Control-Request-Headers: {names}",
    )


def test_a_preflight_allows_the_headers_that_it_asks_for(gateway):
    """AWS's SDKs and caches add headers of their own; which ones, only the page knows."""
    for names in (
        "amz-sdk-invocation-id,amz-sdk-request,authorization,content-type,x-amz-date,x-amz-user-agent",
        "cache-control, pragma",
        "X-Whatever",
        ",".join(f"x-header-{number}" for number in range(64)),
    ):
        answer = preflight(gateway, names)
        assert answer.status == 204, names
        allowed = {name.strip().lower() for name in answer.header("access-control-allow-headers").split(",")}
        assert allowed == {name.strip().lower() for name in names.split(",")}
        expect_common_headers(answer)


@pytest.mark.parametrize(
    "names", ["a b", "x-a: b", "x/y", '"quoted"', ",".join(f"x-header-{number}" for number in range(65))]
)
def test_a_preflight_that_asks_for_no_header_names_is_refused(gateway, names):
    answer = preflight(gateway, names)
    assert answer.status == 400 and answer.error_code == "INVALID_REQUEST"
    assert answer.header("access-control-allow-headers") is None


def test_echoes_an_allowed_origin(start_gateway, start_runtime):
    origins = "https://one.example,https://two.example:8443"
    gateway = start_gateway(start_runtime(), allowed_origins=origins)

    def origin_for(*arguments):
        answer = curl(f"{gateway.url}/api/v1/health", *arguments)
        assert "origin" in answer.header("vary").lower()
        return answer.header("access-control-allow-origin")

    assert origin_for("-H", "Origin: https://two.example:8443") == "https://two.example:8443"
    assert origin_for("-H", "Origin: https://evil.example") == "https://one.example"
    assert origin_for("-H", "Origin: https://two.example:8443.evil.example") == "https://one.example"
    assert origin_for() == "https://one.example"


def origin_named(gateway, *headers):
    fields = [part for header in headers for part in ("-H", header)]
    answer = curl(f"http://127.0.0.1:{gateway.port}/api/v1/health", *fields)
    assert "origin" in answer.header("vary").lower()
    return answer.header("access-control-allow-origin")


def test_its_own_pages_may_call_whatever_port_it_was_given(gateway):
    own = f"http://127.0.0.1:{gateway.port}"
    assert origin_named(gateway, f"Origin: {own}") == own
    assert origin_named(gateway) == own
    assert origin_named(gateway, "Origin: https://evil.example") == own


def test_its_own_pages_may_call_when_it_listens_everywhere(start_gateway, start_runtime):
    gateway = start_gateway(start_runtime(), listen="0.0.0.0:0", allow_open_network="true")
    for host in ("127.0.0.1", "localhost"):
        own = f"http://{host}:{gateway.port}"
        assert origin_named(gateway, f"Host: {host}:{gateway.port}", f"Origin: {own}") == own
    assert "0.0.0.0" not in origin_named(gateway)


def test_its_own_pages_may_call_through_a_proxy(gateway):
    """The proxy speaks HTTPS and hands the Host on."""
    assert (
        origin_named(gateway, "Host: gateway.example", "Origin: https://gateway.example")
        == "https://gateway.example"
    )
    for other in ("https://evil.example", "https://gateway.example.evil.example", "https://gateway.example:8443"):
        assert origin_named(gateway, "Host: gateway.example", f"Origin: {other}") == "http://gateway.example"


def test_allows_every_origin_when_told_so(start_gateway, start_runtime):
    gateway = start_gateway(start_runtime(), allowed_origins="*")
    answer = curl_json(f"{gateway.url}/api/v1/invoke", INVOKE, "-H", "Origin: https://any.example")
    assert answer.status == 200
    assert answer.header("access-control-allow-origin") in ("*", "https://any.example")
    assert "x-request-id" in answer.header("access-control-expose-headers").lower()


# -- connections ----------------------------------------------------------------------------------


def test_curl_reuses_its_connection(gateway):
    url = f"{gateway.url}/api/v1/health"
    done = subprocess.run(
        [
            "curl",
            "-sSq",
            "-o",
            "/dev/null",
            "-o",
            "/dev/null",
            "-o",
            "/dev/null",
            "-w",
            "%{num_connects}\n",
            url,
            url,
            url,
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["1", "0", "0"]


def test_answers_pipelined_requests_in_their_order(gateway):
    with gateway.raw() as client:
        body = b'{"prompt":"the second of four requests"}'
        invoke = (
            b"POST /api/v1/invoke HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\n"
            b"Content-Length: " + str(len(body)).encode() + b"\r\n\r\n" + body
        )
        missing = b"GET /missing HTTP/1.1\r\nHost: gateway\r\n\r\n"
        client.send(HEALTH + invoke + missing + HEALTH)
        answers = [client.read_answer() for _ in range(4)]
        assert [answer.status for answer in answers] == [200, 200, 404, 200]
        assert answers[1].json()["status"] == "success"
        assert len({answer.header("x-request-id") for answer in answers}) == 4


def test_answers_a_hundred_pipelined_requests(gateway):
    with gateway.raw() as client:
        client.send(HEALTH * 100)
        assert [client.read_answer().status for _ in range(100)] == [200] * 100


def test_closes_when_asked_to(gateway):
    with gateway.raw() as client:
        client.send(b"GET /api/v1/health HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n\r\n")
        assert client.read_answer().status == 200
        assert client.at_end()


def test_speaks_http_1_0(gateway):
    with gateway.raw() as client:
        client.send(b"GET /api/v1/health HTTP/1.0\r\n\r\n")
        answer = client.read_answer()
        assert answer.status == 200 and answer.header("transfer-encoding") is None
        assert client.at_end()


def test_streams_to_http_1_0_without_chunks(gateway):
    with gateway.raw() as client:
        body = b'{"prompt":"streamed the old way","streaming":true}'
        client.send(
            b"POST /api/v1/invoke HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: "
            + str(len(body)).encode()
            + b"\r\n\r\n"
            + body
        )
        status, fields = parse_head(client.read_until(b"\r\n\r\n")[:-4])
        assert status == 200 and "transfer-encoding" not in dict(fields)
        assert b'"type":"complete"' in client.read_until(b'"complete"') + client.read_until(b"}\n\n")
        assert client.at_end()


def test_takes_a_request_in_single_bytes(gateway):
    with gateway.raw() as client:
        for byte in HEALTH:
            client.send(bytes([byte]))
        assert client.read_answer().status == 200


def test_takes_a_chunked_body(gateway):
    answer = curl_json(f"{gateway.url}/api/v1/invoke", INVOKE, "-H", "Transfer-Encoding: chunked")
    assert answer.status == 200 and answer.json()["status"] == "success"


def test_says_continue_to_who_waits_for_it(gateway):
    with gateway.raw() as client:
        body = b'{"prompt":"sent when it was welcome"}'
        client.send(
            b"POST /api/v1/invoke HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\n"
            b"Expect: 100-continue\r\nContent-Length: " + str(len(body)).encode() + b"\r\n\r\n"
        )
        assert client.read_answer().status == 100
        client.send(body)
        assert client.read_answer().status == 200


def test_closes_idle_connections(start_gateway, start_runtime):
    gateway = start_gateway(start_runtime(), idle_timeout_ms=1000)
    with gateway.raw() as client:
        client.send(HEALTH)
        client.read_answer()
        assert client.at_end()
    with gateway.raw() as client:
        assert client.at_end()
