"""What the benchmark takes DynamoDB to charge: what dynalite does not say, and so cannot contradict."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "bench"))

import capacity  # noqa: E402

KEYS = ("user_id", "timestamp")


def entry(**attributes):
    texts = {name: {"S": text} for name, text in attributes.items()}
    return {"user_id": {"S": "anna"}, "timestamp": {"N": "7"}} | texts


@pytest.mark.parametrize(
    "number, size",
    [("0", 1), ("7", 2), ("-7", 3), ("12", 2), ("123", 3), ("1200", 2), ("1500000", 3), ("0.12", 2)],
)
def test_a_number_takes_a_byte_for_two_digits(number, size):
    assert capacity.number_size(number) == size


def test_names_and_texts_count_in_bytes():
    item = {"café": {"S": "naïve"}, "b": {"B": "AAEC"}, "t": {"BOOL": True}}
    assert capacity.item_size(item) == 5 + 6 + 4 + 2


def test_maps_and_lists_count_what_holds_them():
    assert capacity.value_size({"M": {"ab": {"S": "cd"}}}) == 3 + 1 + 2 + 2
    assert capacity.value_size({"L": [{"S": "cd"}, {"NULL": True}]}) == 3 + 1 + 2 + 1 + 1


@pytest.mark.parametrize(
    "size, consistent, units", [(0, True, 1), (0, False, 0.5), (4096, True, 1), (4097, False, 1)]
)
def test_what_is_not_there_is_read_like_a_small_item(size, consistent, units):
    assert capacity.read_units(size, consistent) == units


def test_a_write_is_charged_by_the_greater_of_before_and_after():
    large, small = entry(text="x" * 3000), entry()
    assert capacity.write_units(None, None) == 1
    for before, after in ((large, small), (small, large), (large, None)):
        assert capacity.write_units(before, after) == 3


def test_an_index_is_charged_for_what_changes_in_it():
    moved = entry() | {"timestamp": {"N": "8"}}
    assert capacity.index_write_units(None, None, KEYS) == 0
    assert capacity.index_write_units(None, entry(), KEYS) == 1
    assert capacity.index_write_units(entry(), None, KEYS) == 1
    assert capacity.index_write_units(entry(), entry(), KEYS) == 0
    assert capacity.index_write_units(entry(), entry(state="over"), KEYS) == 1
    assert capacity.index_write_units(entry(), moved, KEYS) == 2


def test_an_index_holds_what_it_is_told_to_and_passes_over_what_lacks_its_keys():
    item = {"session_id": {"S": "s"}, "note": {"S": "long"}, "state": {"S": "running"}} | entry()
    held = capacity.index_entry(item, ("session_id", "timestamp"), KEYS, ("state",))
    assert set(held) == {"session_id", "timestamp", "user_id", "state"}
    assert capacity.index_entry({"session_id": {"S": "s"}}, ("session_id", "timestamp"), KEYS, None) is None
