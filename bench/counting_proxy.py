"""Stands between a gateway and dynalite and counts what DynamoDB would charge for each request.

Requests pass one at a time, so that an item can be looked at before and after it is written. What dynalite
says of the capacity of table and reads is asked for and compared; of indexes, of empty answers and of refused
writes it says nothing. Signatures are not looked at, by dynalite neither.
"""

import collections
import decimal
import http.client
import http.server
import json
import threading

import capacity
from dynalite import INVOCATIONS, SESSIONS, TABLES

TARGET = "DynamoDB_20120810."
# What else a gateway may ask is free of charge, or none of its work, and passed on uncounted.
COUNTED = {"GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"}
# Of the table of invocations, beside those that are one invocation's.
PARTITIONS_BY_PREFIX = {"claim#": "claim of a key", "runners#": "gateways", "text#": "part of a long text"}

Charge = collections.namedtuple("Charge", "operation what reads writes refused")


class Meter:
    """Counts from reset() on."""

    def __init__(self):
        self.disagreements = []
        self.reset()

    def reset(self):
        self.charges = []
        # Write units by (table or index, whose partition).
        self.partitions = collections.Counter()


class CountingProxy:
    """Listens on a port of its own until it is closed. All that stand before one dynalite share `lock`."""

    def __init__(self, upstream_port, lock):
        self.meter = Meter()
        self._upstream_port = upstream_port
        self._lock = lock
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler_of(self))
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def pass_on(self, headers, body):
        operation = headers.get("X-Amz-Target", "").removeprefix(TARGET)
        with self._lock:
            if operation not in COUNTED:
                return self._send(headers, body)
            request = json.loads(body)
            keys = written_keys(operation, request)
            before = [self._look(headers, table, key) for table, key in keys]
            request["ReturnConsumedCapacity"] = "INDEXES"
            status, answer_headers, answer = self._send(headers, json.dumps(request).encode())
            said = json.loads(answer)
            after = before if status != 200 else [self._look(headers, table, key) for table, key in keys]
            if keys:
                self._count_write(operation, keys, before, after, said, status != 200)
            else:
                self._count_read(operation, request, said)
            return status, answer_headers, answer

    def _send(self, headers, body):
        connection = http.client.HTTPConnection("127.0.0.1", self._upstream_port, timeout=30)
        try:
            kept = {name: value for name, value in headers.items()
                    if name.lower() not in ("host", "content-length")}
            connection.request("POST", "/", body, kept)
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()

    def _look(self, headers, table, key):
        asked = {name: value for name, value in headers.items()} | {"X-Amz-Target": TARGET + "GetItem"}
        body = json.dumps({"TableName": table, "Key": key, "ConsistentRead": True}).encode()
        return json.loads(self._send(asked, body)[2]).get("Item")

    def _count_read(self, operation, request, said):
        if operation == "BatchGetItem":
            (table, wanted), = request["RequestItems"].items()
            consistent = bool(wanted.get("ConsistentRead"))
            found = said["Responses"][table]
            units = sum(capacity.read_units(capacity.item_size(item), consistent) for item in found)
            units += (len(wanted["Keys"]) - len(found)) * capacity.read_units(0, consistent)
            self._compare(operation, units, said["ConsumedCapacity"][0]["CapacityUnits"])
            what = " and ".join(sorted(what_is_written(table, key) for key in wanted["Keys"]))
        else:
            # Of what a filter or a projection leaves out, the answer shows nothing.
            units = max(said["ConsumedCapacity"]["CapacityUnits"],
                        capacity.read_units(0, bool(request.get("ConsistentRead"))))
            what = what_is_read(request)
        self.meter.charges.append(Charge(operation, what, units, 0, False))

    def _count_write(self, operation, keys, before, after, said, refused):
        units = 0
        for (table, key), old, new in zip(keys, before, after):
            units += self._charge_item(table, key, old, new, refused)
        own = sum(capacity.write_units(old, new) for old, new in zip(before, after))
        if not refused:
            consumed = said["ConsumedCapacity"]
            self._compare(operation, own, sum(one["CapacityUnits"] for one in
                                              (consumed if isinstance(consumed, list) else [consumed])))
        what = ", ".join(sorted({what_is_written(table, key) for table, key in keys}))
        self.meter.charges.append(Charge(operation, what, 0, units, refused))

    def _charge_item(self, table, key, old, new, refused):
        own_keys, indexes = TABLES[table]
        units = capacity.write_units(old, new)
        self.meter.partitions[(table, key[own_keys[0]]["S"])] += units
        if refused:
            return units
        for name, (keys, more) in indexes.items():
            entries = [capacity.index_entry(item, own_keys, keys, more) for item in (old, new)]
            written = capacity.index_write_units(*entries, keys)
            if written:
                whose = (entries[0] or entries[1])[keys[0]]["S"]
                self.meter.partitions[(name, whose)] += written
            units += written
        return units

    def _compare(self, operation, by_rules, by_dynalite):
        if by_rules != by_dynalite:
            self.meter.disagreements.append(
                f"{operation}: {by_rules} units by AWS's rules, {by_dynalite} by dynalite")


def handler_of(proxy):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):  # The name is http.server's.
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, headers, answer = proxy.pass_on(self.headers, body)
            self.send_response_only(status)
            for name, value in headers:
                if name.lower() not in ("connection", "keep-alive", "transfer-encoding", "content-length"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            pass

    return Handler


def written_keys(operation, request):
    """[(table, key)] of what is put, updated or deleted; none of a read."""
    if operation in ("UpdateItem", "DeleteItem"):
        return [(request["TableName"], request["Key"])]
    if operation == "PutItem":
        return [(request["TableName"], key_of(request["TableName"], request["Item"]))]
    if operation != "BatchWriteItem":
        return []
    keys = []
    for table, writes in request["RequestItems"].items():
        for write in writes:
            put, deleted = write.get("PutRequest"), write.get("DeleteRequest")
            keys.append((table, key_of(table, put["Item"]) if put else deleted["Key"]))
    return keys


def key_of(table, item):
    return {name: item[name] for name in TABLES[table][0]}


def what_is_read(request):
    if "IndexName" in request:
        return request["IndexName"]
    if "Key" in request:
        return what_is_written(request["TableName"], request["Key"])
    values = request.get("ExpressionAttributeValues", {})
    first = next((value["S"] for value in values.values() if "S" in value), "")
    return what_of_invocations(first, "1") if request["TableName"] == INVOCATIONS else "session's items"


def what_is_written(table, key):
    """Which of the kinds of item that src/dynamodb/session_items.hpp and invocation_items.hpp name."""
    if table == SESSIONS:
        return what_of_sessions(key["session_id"]["S"], key["timestamp"]["N"])
    if table == INVOCATIONS:
        return what_of_invocations(key["request_id"]["S"], key["seq"]["N"])
    return table


def what_of_sessions(partition, timestamp):
    if partition == "probe":
        return "probe"
    if partition.startswith("text#"):
        return "part of a long text"
    number = decimal.Decimal(timestamp)
    if number == 0:
        return "session's head"
    if number < 0:
        return "session's place in the list"
    return "request's place" if number < 1 else "interaction"


def what_of_invocations(partition, seq):
    for prefix, what in PARTITIONS_BY_PREFIX.items():
        if partition.startswith(prefix):
            return what
    return "invocation's head" if seq == "0" else "journal"
