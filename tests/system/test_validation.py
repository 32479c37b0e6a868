"""What POST /invoke refuses, and how it says so; never does such a request reach the runtime."""

import json

import pytest
from peers.clients import UUID4, curl_json

SESSION = "7f0c1f6e-3a52-4d1c-9b1e-0123456789ab"


@pytest.fixture
def runtime(start_runtime):
    runtime = start_runtime()
    yield runtime


@pytest.fixture
def refused(start_gateway, runtime):
    """refused(body): the answer to a body that must not reach the runtime."""
    gateway = start_gateway(runtime)

    def post(body, status=400, code="INVALID_REQUEST", arguments=()):
        answer = curl_json(f"{gateway.url}/api/v1/invoke", body, *arguments)
        assert answer.status == status, answer
        problem = answer.json()
        assert problem["status"] == "error" and problem["error_code"] == code, problem
        assert UUID4.fullmatch(problem["request_id"]) and problem["request_id"] == answer.header(
            "x-request-id"
        )
        assert problem["error_message"] and problem["timestamp"].endswith("Z")
        assert answer.header("server-timing") and answer.header("access-control-allow-origin")
        assert runtime.requests == [], "it reached the runtime"
        return problem

    return post


def fields_of(problem):
    errors = problem["details"]["errors"]
    assert all(set(error) == {"field", "message"} and error["message"] for error in errors)
    return [error["field"] for error in errors]


@pytest.mark.parametrize(
    ("body", "line", "column"),
    [
        (b'{"prompt": oops}', 1, 12),
        (b'{\n  "prompt": "a",\n  "x" 1\n}', 3, 7),
        (b'{"prompt": "flight is late today"', 1, None),
        (b"", 1, 1),
        (b"nonsense", 1, 1),
        (b'{"prompt": "flight is late today"} x', 1, 36),
        (b'{"prompt": "tab\there is late today"}', 1, None),
    ],
)
def test_names_line_and_column_of_bad_json(refused, body, line, column):
    details = refused(body, code="INVALID_JSON")["details"]
    assert details["line"] == line, details
    assert details["column"] >= 1
    if column is not None:
        assert details["column"] == column, details


@pytest.mark.parametrize("body", [b"[]", b'"text"', b"12", b"null"])
def test_wants_an_object(refused, body):
    refused(body, code="INVALID_JSON")


def test_refuses_duplicate_keys(refused):
    problem = refused(
        b'{"prompt":"flight is late today","prompt":"flight is late today"}', code="INVALID_JSON"
    )
    assert "prompt" in problem["error_message"]


def test_refuses_duplicate_keys_written_differently(refused):
    refused(b'{"prompt":"flight is late today","\\u0070rompt":"flight is late today"}', code="INVALID_JSON")


def test_refuses_deep_nesting(refused):
    body = b'{"prompt":"flight is late today","x":' + b"[" * 40 + b"]" * 40 + b"}"
    refused(body, code="INVALID_JSON")


def test_reports_all_problems_at_once(refused):
    body = {"prompt": "short", "session_id": "x", "streaming": "yes", "foo": 1, "bar": {}}
    assert sorted(fields_of(refused(body))) == ["bar", "foo", "prompt", "session_id", "streaming"]


def test_wants_a_prompt(refused):
    assert fields_of(refused({})) == ["prompt"]
    assert fields_of(refused({"prompt": None})) == ["prompt"]
    assert fields_of(refused({"prompt": 12345678901})) == ["prompt"]


@pytest.mark.parametrize(
    "prompt",
    [
        "",
        "123456789",
        "é" * 9,
        "😀" * 9,
        "x" * 10_001,
        "😀" * 10_001,
        "<<<<<<<<<<12345",
        " " * 50,
        "\u3000" * 20 + "12345",
    ],
)
def test_wants_ten_to_ten_thousand_characters(refused, prompt):
    assert fields_of(refused({"prompt": prompt})) == ["prompt"]


@pytest.mark.parametrize("prompt", ["1234567890", "é" * 10, "😀" * 10, "😀" * 10_000, "x" * 10_000])
def test_takes_prompts_at_the_limits(start_gateway, start_runtime, prompt):
    runtime = start_runtime()
    answer = start_gateway(runtime).invoke(prompt)
    assert answer.status == 200
    assert runtime.requests[0]["payload"]["prompt"] == prompt


@pytest.mark.parametrize(
    "session",
    [
        "",
        "x",
        SESSION[:-1],
        SESSION.replace("-4", "-1", 1),
        SESSION.replace("-9b", "-cb"),
        "{" + SESSION + "}",
        12,
        [],
        {},
    ],
)
def test_wants_a_uuid_v4_for_a_session(refused, session):
    assert fields_of(refused({"prompt": "flight is late today", "session_id": session})) == ["session_id"]


def test_wants_a_boolean_for_streaming(refused):
    for value in ("true", 1, None, []):
        assert fields_of(refused({"prompt": "flight is late today", "streaming": value})) == ["streaming"]


def test_names_unknown_fields(refused):
    problem = refused({"prompt": "flight is late today", "Prompt": "x", "stream": True})
    assert fields_of(problem) == ["Prompt", "stream"]
    assert "Prompt" in json.dumps(problem["details"]["errors"][0]["message"])


@pytest.mark.parametrize("bad", [b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xe2\x82"])
def test_refuses_bytes_that_are_no_utf8(refused, bad):
    problem = refused(b'{"prompt":"flight is late today ' + bad + b'"}', code="INVALID_JSON")
    assert "invalid UTF-8" in problem["error_message"] and "line 1, column 33" in problem["error_message"]
    assert problem["details"] == {"line": 1, "column": 33}


@pytest.mark.parametrize("half", [b"\\ud800", b"\\udc00", b"\\ud83d\\u0041"])
def test_refuses_half_characters(refused, half):
    problem = refused(b'{"prompt":\n"flight is late ' + half + b'"}', code="INVALID_JSON")
    assert "lone surrogate" in problem["error_message"], problem
    assert problem["details"] == {"line": 2, "column": 17}


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16", "utf-32"])
def test_names_utf16_for_what_it_is(refused, encoding):
    body = json.dumps({"prompt": "flight is late today"}).encode(encoding)
    assert "UTF-16" in refused(body, code="INVALID_JSON")["error_message"]


def test_says_what_stands_where_json_ends(refused):
    for body, words in [
        (b"{'prompt': 1}", "does not belong there at line 1, column 2"),
        (b'{"prompt": NaN}', "'N' does not belong there at line 1, column 12"),
        (b'{"prompt": "flight is late",}', "'}' does not belong there"),
        (b'{"prompt": "flight', "ends too early"),
    ]:
        assert words in refused(body, code="INVALID_JSON")["error_message"]


def test_looks_past_a_byte_order_mark(start_gateway, start_runtime):
    """RFC 8259 section 8.1; some editors and programs put one before everything."""
    gateway = start_gateway(start_runtime())
    body = json.dumps({"prompt": "flight is late today"}).encode("utf-8-sig")
    assert body.startswith(b"\xef\xbb\xbf")
    assert gateway.request("POST", "/api/v1/invoke", body).status == 200
    assert gateway.request("POST", "/api/v1/sessions", b"\xef\xbb\xbf{}").status == 201


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", "multipart/form-data", ""],
)
def test_takes_json_only(refused, content_type):
    header = f"Content-Type: {content_type}" if content_type else "Content-Type;"
    refused(
        {"prompt": "flight is late today"},
        415,
        "UNSUPPORTED_MEDIA_TYPE",
        ["-H", "Content-Type:", "-H", header],
    )


def test_takes_json_with_parameters_in_any_letter_case(start_gateway, start_runtime):
    gateway = start_gateway(start_runtime())
    for content_type in (
        "application/json; charset=utf-8",
        "Application/JSON",
        'application/json;charset="UTF-8"',
        "application/json; charset=utf8",
        'application/json; Charset="UTF8"',
        "application/json; odata=verbose",
        'application/json; profile="a;b, c"; charset=utf-8',
    ):
        answer = gateway.invoke(headers={"Content-Type": content_type})
        assert answer.status == 200, content_type


@pytest.mark.parametrize("charset", ["latin1", "utf-16", '"iso-8859-1"', "utf-7", ""])
def test_takes_no_other_charset(refused, charset):
    content_type = f"Content-Type: application/json; charset={charset}"
    refused({"prompt": "flight is late today"}, 415, "UNSUPPORTED_MEDIA_TYPE", ["-H", "Content-Type:", "-H", content_type])
