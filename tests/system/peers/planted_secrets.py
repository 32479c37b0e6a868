"""Secrets that the tests hand out: none of them, and nothing that is signed with one, may be in any output."""

import re

# Of a signature at its two places, and what is in the secrets of whoever has no test of its own.
SIGNED = re.compile(r"\bSignature=|AWS4-HMAC-SHA256 Credential=|hush-hush", re.IGNORECASE)
BYTES_MIN = 8
_planted = set()


def plant(secret):
    """From now on it is looked for. Gives it back."""
    assert len(secret) >= BYTES_MIN, "it would be found by chance"
    _planted.add(secret)
    return secret


def expect_no_secret(text):
    places = [text.find(secret) for secret in _planted]
    places += [match.start() for match in SIGNED.finditer(text)]
    for place in places:
        assert place < 0, text[max(0, place - 500) : place + 500]
