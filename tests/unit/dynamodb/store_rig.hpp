// Stores over somebody else's DynamoDB, one of whose connections breaks where a test says: what a process
// that dies at that step would have left.
#pragma once

#include "base/crypto.hpp"
#include "dynamodb/fleet.hpp"
#include "dynamodb/invocation_store.hpp"
#include "dynamodb/session_store.hpp"
#include "invocations/recovery.hpp"
#include "net/dial.hpp"
#include "support/faulty_stream.hpp"
#include "support/manual_clock.hpp"
#include "support/running_dynalite.hpp"
#include "support/store_samples.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <gtest/gtest.h>

namespace skymarshal::dynamodb {

class StoreRig : public testing::Test {
 protected:
  /// Everything of one gateway.
  struct Gateway {
    explicit Gateway(std::shared_ptr<TableAccess> its_access, std::string runner)
        : access(its_access),
          sessions(access),
          invocations(access),
          fleet({.runner = std::move(runner), .lease = Milliseconds(20'000)}, access, access),
          table(access, forget_by(access)),
          invocation_table(access) {}

    std::shared_ptr<TableAccess> access;
    SessionStore sessions;
    InvocationStore invocations;
    Fleet fleet;
    SessionTable table;
    InvocationTable invocation_table;
  };

  std::unique_ptr<Gateway> open(std::string runner = "gateway-1", StoreOptions options = {}) {
    options.names = tables.names();
    return std::make_unique<Gateway>(
        std::make_shared<TableAccess>(std::move(options), tables.connect(), clock, random, log),
        std::move(runner));
  }

  /// One that connects by this, for each request anew.
  std::unique_ptr<Gateway> connecting_by(net::HttpClient::Connect connect, int attempts_max) {
    ClientOptions client;
    client.endpoint = test::dynamodb_endpoint();
    client.region = "us-east-1";
    client.attempt_timeout = client.call_timeout = Milliseconds(60'000);
    client.retry.attempts_max = attempts_max;
    StoreOptions options;
    options.names = tables.names();
    auto made = std::make_unique<Client>(
        std::move(client), net::HttpClient(net::one_connection_each, std::nullopt, std::move(connect)),
        Client::Parts{credentials, clock, random});
    return std::make_unique<Gateway>(
        std::make_shared<TableAccess>(std::move(options), std::move(made), clock, random, log), "gateway-1");
  }

  /// One whose N-th operation on a connection, from 0, fails. With one attempt it is as if it died there;
  /// with more it tries again, not knowing what of it has arrived.
  std::unique_ptr<Gateway> breaking(std::shared_ptr<test::Faults> faults, int attempts_max) {
    const auto connect = [faults](http::Endpoint endpoint, const net::TlsContext* tls,
                                  Milliseconds limit) -> Connected {
      auto stream = co_await net::dial(std::move(endpoint), tls, limit);
      if (!stream) co_return stream.error();
      co_return std::make_unique<test::FaultyStream>(*std::move(stream), faults);
    };
    return connecting_by(connect, attempts_max);
  }

  /// Runs `step` on a gateway that dies in it, at its first operation, its second, …; and each time `then`,
  /// on one that does not. Both are told how often that was.
  void die_at_each_step(const std::function<void(Gateway&, int)>& step,
                        const std::function<void(int)>& then) {
    break_at_each_step(1, step, then);
  }

  /// The same with one whose connection breaks there, and who goes on.
  void stumble_at_each_step(const std::function<void(Gateway&, int)>& step) {
    constexpr int attempts = 3;
    break_at_each_step(attempts, step, [](int) {});
  }

  void break_at_each_step(int attempts_max, const std::function<void(Gateway&, int)>& step,
                          const std::function<void(int)>& then) {
    for (int at = 0; at < steps_max; ++at) {
      const auto faults = std::make_shared<test::Faults>(test::Faults{at});
      // Made first, so that all else that the step needs is there.
      const auto gateway = breaking(faults, attempts_max);
      SCOPED_TRACE("breaks at operation " + std::to_string(at));
      step(*gateway, at);
      const bool has_died = faults->has_failed();
      then(at);
      if (!has_died) return;
      if (HasFatalFailure()) return;
    }
    ADD_FAILURE() << "it never gets to its end";
  }

  template <typename T>
  skymarshal::Result<T> ask(boost::asio::awaitable<skymarshal::Result<T>> call) {
    return test::ask(std::move(call));
  }
  WallTime now() const { return clock.wall_now(); }

  invocations::InvocationRecord record_of(const SessionId& session, const std::string& key = {}) {
    invocations::InvocationRecord record;
    record.request_id = test::fresh_id<RequestId>();
    record.session_id = session;
    record.owner = owner;
    record.prompt = "EY283 is 3 hours late";
    record.accepted_at = now();
    record.runner = "gateway-1";
    if (!key.empty()) record.claim = {key, "fingerprint"};
    return record;
  }

  invocations::FinishedInvocation end_of(const invocations::InvocationRecord& record) {
    invocations::FinishedInvocation finished;
    finished.end.body = share_text(R"({"answer":")" + record.request_id.str() + "\"}");
    finished.end.execution_time = Milliseconds(12);
    finished.end.ended_at = now();
    finished.interaction = test::sample_interaction(record.session_id, record.owner, now());
    finished.interaction.request_id = record.request_id;
    finished.interaction.response = finished.end.body;
    return finished;
  }

  /// Exactly these requests, in any order, and all that says how many there are agrees.
  void expect_history(const SessionId& session, std::vector<RequestId> expected) {
    const auto history = ask(good->sessions.history(session, owner, {500, {}}));
    ASSERT_TRUE(history);
    std::vector<RequestId> found;
    for (const auto& interaction : history->interactions) found.push_back(interaction.request_id);
    std::ranges::sort(found);
    std::ranges::sort(expected);
    EXPECT_EQ(found, expected);
    EXPECT_EQ(history->session.interaction_count, static_cast<std::int64_t>(expected.size()));
    const auto list = ask(good->sessions.list(owner, invocations::SessionFilter::all, {500, {}}));
    ASSERT_TRUE(list);
    const auto listed = std::ranges::count(list->sessions, session, &invocations::Session::id);
    EXPECT_EQ(listed, 1) << "listed once";
  }

  /// All items of a table, as they stand.
  std::vector<Item> all_items(const std::string& table) {
    std::vector<Item> items;
    std::optional<Item> next = Item();
    while (next) {
      Call call("Scan", table);
      if (!next->empty()) call.start_behind(*next);
      auto page = test::run_awaitable(tables.client().page(std::move(call))).value();
      std::ranges::move(page.items, std::back_inserter(items));
      next = std::move(page.next);
    }
    return items;
  }

  /// Of about that size, that no compression makes shorter than three quarters.
  std::string noise(std::size_t size) {
    std::string bytes(size * 3 / 4, '\0');
    random.fill(std::as_writable_bytes(std::span(bytes)));
    return base64_encode(bytes);
  }

  /// As TTL does it: the head of a session goes, and what else is in it stays for a while.
  void take_head(const SessionId& session) {
    Call call("DeleteItem", tables.names().sessions);
    (void)test::run_awaitable(tables.client().write(call.key(head_key(session)))).value();
  }

  static constexpr int steps_max = 200;

  using Connected = boost::asio::awaitable<net::Result<std::unique_ptr<net::ByteStream>>>;

  test::DynamoDbTables tables;
  test::ManualClock clock;
  SystemRandom random;
  Logger log{{LogLevel::off}, clock};
  aws::FixedCredentials credentials{{"AKIDEXAMPLE", Secret(std::string("secret")), {}}};
  Principal owner = test::fresh_principal();
  std::unique_ptr<Gateway> good = open();
};

}  // namespace skymarshal::dynamodb
