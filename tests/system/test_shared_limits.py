"""Rate limits that several gateways keep together, by a table in DynamoDB; and the commands that make the table."""

from peers.dynalite import fits_but_for_ttl
from peers.gateway_process import AWS_CREDENTIALS, run_command
from peers.waiting import wait_until

LIMIT = 100
# Of 10 %, as is the default.
LEASE = 10


def start_all(start_gateway, dynalite, count, **settings):
    return [
        start_gateway(
            variables=AWS_CREDENTIALS, rate_limit_store="dynamodb", rate_limit=LIMIT, **dynalite.settings, **settings
        )
        for _ in range(count)
    ]


def admitted(gateways, requests):
    answers = [gateways[i % len(gateways)].get("/api/v1/sessions") for i in range(requests)]
    assert {answer.status for answer in answers} <= {200, 429}
    return sum(answer.status == 200 for answer in answers)


def counted(gateway):
    return gateway.get("/api/v1/health").json()["rate_limits"]["counted"]


def test_three_gateways_have_one_limit(start_gateway, start_dynalite):
    gateways = start_all(start_gateway, start_dynalite(), 3)
    total = admitted(gateways, 3 * LIMIT)
    assert LIMIT - 2 * LEASE <= total < LIMIT + 3 * LEASE
    refused = gateways[0].get("/api/v1/sessions")
    assert refused.status == 429 and refused.json()["details"]["scope"] == "principal"
    assert 1 <= int(refused.header("Retry-After")) <= 66
    assert {counted(gateway) for gateway in gateways} == {"shared"}


def test_without_the_table_each_gateway_counts_alone_and_says_so_once(start_gateway, start_dynalite):
    dynalite = start_dynalite()
    gateways = start_all(start_gateway, dynalite, 2)
    assert admitted(gateways, 40) == 40
    dynalite.stop()
    assert admitted(gateways, 3 * LIMIT) == 2 * LIMIT - 40
    for gateway in gateways:
        assert counted(gateway) == "local_for_now"
        assert len(gateway.wait_for_log("rate_limits_counted_alone")) == 1
    dynalite.start()
    dynalite.create_tables()

    def is_back(gateway):
        gateway.get("/api/v1/sessions")
        return counted(gateway) == "shared"

    for gateway in gateways:
        wait_until(lambda gateway=gateway: is_back(gateway), "the table is used again")
        assert len(gateway.wait_for_log("rate_limits_shared_again")) == 1


def store(action, settings, variables=None):
    return run_command(
        "store", action, settings=settings, variables=AWS_CREDENTIALS if variables is None else variables
    )


def test_tables_are_made_once_and_checked(node, start_dynalite):
    dynalite = start_dynalite()
    checked = store("check", dynalite.settings)
    assert fits_but_for_ttl(checked), checked
    again = store("init", dynalite.settings)
    assert fits_but_for_ttl(again) and "made" not in again.stdout
    missing = store("check", {**dynalite.settings, "limit_table_name": "other-limits"})
    assert missing.returncode == 1 and "other-limits: look at it" in missing.stdout, missing


def test_the_commands_say_what_they_lack(start_dynalite):
    dynalite = start_dynalite()
    no_region = store("check", dynalite.settings, {**AWS_CREDENTIALS, "AWS_REGION": ""})
    assert no_region.returncode == 2 and "AWS_REGION" in no_region.stderr, no_region
    dynalite.stop()
    gone = store("check", dynalite.settings)
    assert gone.returncode == 4 and dynalite.url() in gone.stderr, gone
