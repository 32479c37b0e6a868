"""What DynamoDB charges for a request, by AWS's rules. Pure.

Sizes: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
Units: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
Indexes: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html, "Write capacity units"
"""

import base64
import decimal
import math


def item_size(item):
    """Bytes of an item in its wire form: {name: {type: value}}; names count."""
    return sum(len(name.encode()) + value_size(value) for name, value in item.items())


def value_size(value):
    (kind, content), = value.items()
    if kind == "S":
        return len(content.encode())
    if kind == "B":
        return len(base64.b64decode(content))
    if kind == "N":
        return number_size(content)
    if kind in ("SS", "NS", "BS"):
        return sum(value_size({kind[0]: one}) for one in content)
    if kind == "L":
        return 3 + sum(1 + value_size(one) for one in content)
    if kind == "M":
        return 3 + sum(1 + len(name.encode()) + value_size(one) for name, one in content.items())
    return 1


def number_size(text):
    """One byte, one for every two significant digits, which pair up from the point, one for a sign."""
    sign, digits, exponent = decimal.Decimal(text).as_tuple()
    shown = "".join(map(str, digits)).lstrip("0")
    if not shown:
        return 1
    trimmed = shown.rstrip("0")
    exponent += len(shown) - len(trimmed)
    magnitude = exponent + len(trimmed) - 1
    splits_a_pair = len(trimmed) % 2 == 0 and magnitude % 2 == 0
    return 1 + math.ceil(len(trimmed) / 2) + (1 if splits_a_pair else 0) + (1 if sign else 0)


def read_units(size, consistent):
    """What is not there is charged like a small item."""
    return max(1, math.ceil(size / 4096)) * (1 if consistent else 0.5)


def write_units(before, after):
    """Of the table: by the greater of what was there and what is there now; `None`: nothing."""
    return max([1, *(math.ceil(item_size(item) / 1024) for item in (before, after) if item)])


def index_entry(item, own_keys, keys, more):
    """The part of an item that stands in an index, or None if it is not in it."""
    if not item or any(key not in item for key in keys):
        return None
    wanted = {*own_keys, *keys, *(more or ())}
    return {name: value for name, value in item.items() if name in wanted}


def index_write_units(before, after, keys):
    """Of an index, from the entries before and after: none if nothing in it changes, two if its keys do."""
    if before == after:
        return 0
    if before and after and all(before[key] == after[key] for key in keys):
        return write_units(before, after)
    return sum(write_units(None, entry) for entry in (before, after) if entry)
