// Property 18 over a real store: whatever several principals ask of a gateway, each sees exactly what is
// their own, and a session of somebody else reads in every answer as one that never was.
#include "session_store_contract.hpp"
#include "support/gateway_rig.hpp"
#include "support/json_text.hpp"

#include <map>
#include <set>

#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::test::session_ownership {

const std::vector<std::string> principals = {"alice", "bob", "alic", "Alice"};

http::Request request_from(const std::string& who, http::Request request) {
  request.headers.set("X-Principal", who);
  return request;
}

std::string path_of(const std::string& session) { return "/api/v1/sessions/" + session; }

/// All of an answer but what differs between any two requests.
std::string words_of(const RecordingWriter& answer) {
  std::string words = std::to_string(answer.status) + '\n';
  const std::string id(answer.headers.find("X-Request-Id").value_or(""));
  for (const http::Header& field : answer.headers) {
    if (field.name == "X-Request-Id" || field.name == "Server-Timing") continue;
    words += field.name + ": " + field.value + '\n';
  }
  words += answer.body;
  for (std::size_t at = 0; !id.empty() && (at = words.find(id)) != std::string::npos;)
    words.erase(at, id.size());
  const std::string timestamp = text_at(answer.body, {"timestamp"});
  const std::size_t at = timestamp.empty() ? std::string::npos : words.find(timestamp);
  return at == std::string::npos ? words : words.erase(at, timestamp.size());
}

/// Who has which session, and how many interactions it holds.
struct Possession {
  std::string owner;
  std::int64_t interactions = 0;
};

/// A gateway over the store, and beside it what everybody must find there.
class Household {
 public:
  explicit Household(invocations::SessionStore& store) : rig_(with_ends_only(), nullptr, &store) {
    rig_.runtime.play = [](const invocations::RuntimeRequest& request) {
      FakeRuntime::Play play;
      play.data = R"({"assessment":{"echo":")" + request.prompt + "\"}}";
      play.chunks.assign(1, R"({"agent":"cargo","echo":")" + request.prompt + "\"}");
      return play;
    };
    // A principal is new in every case, as the store is not.
    suffix_ = SessionId::generate(rig_.random).str();
    for (const std::string& name : principals) names_.push_back(name + suffix_);
  }

  void act() {
    const std::string who = *rc::gen::elementOf(names_);
    const std::string session = some_session();
    switch (*rc::gen::weightedElement<int>({{2, 0}, {5, 1}, {3, 2}, {2, 3}, {1, 4}})) {
      case 0:
        return create(who);
      case 1:
        return invoke(who, session);
      case 2:
        return read(who, session);
      case 3:
        return erase(who, session);
      default:
        return check_list(who);
    }
  }

  /// Everybody finds all that is theirs, as it was left, and nothing else.
  void check_everything() {
    for (const std::string& who : names_) {
      check_list(who);
      for (const auto& [session, possession] : possessions_) read(who, session);
    }
  }

 private:
  /// All that there is stands in the session store, which is what is looked at here.
  static gateway::GatewayOptions with_ends_only() {
    gateway::GatewayOptions options;
    options.keep_streams = false;
    return options;
  }

  std::shared_ptr<GatewayRig::Call> ask(const std::string& who, http::Request request) {
    auto call = rig_.ask(request_from(who, std::move(request)));
    const std::string& body = call->writer.body;
    for (const std::string& other : names_) {
      if (other != who) RC_ASSERT(body.find("asked by " + other + '.') == std::string::npos);
    }
    return call;
  }

  std::string some_session() {
    std::vector<std::string> known = lost_;
    known.push_back(SessionId::generate(rig_.random).str());
    for (const auto& [session, possession] : possessions_) known.insert(known.end(), 3, session);
    return *rc::gen::elementOf(known);
  }

  const Possession* possession_of(const std::string& session) const {
    const auto found = possessions_.find(session);
    return found == possessions_.end() ? nullptr : &found->second;
  }

  bool is_own(const std::string& who, const std::string& session) const {
    const Possession* const possession = possession_of(session);
    return possession != nullptr && possession->owner == who;
  }

  /// The answer is that to a session that never was, byte for byte.
  void expect_absent(const std::string& who, const http::Request& request) {
    http::Request never = request;
    never.target = path_of(SessionId::generate(rig_.random).str());
    const std::string expected = words_of(ask(who, never)->writer);
    const auto call = ask(who, request);
    RC_ASSERT(call->writer.status == 404u);
    RC_ASSERT(words_of(call->writer) == expected);
  }

  void create(const std::string& who) {
    const auto call = ask(who, request_of("POST", "/api/v1/sessions"));
    RC_ASSERT(call->writer.status == 201u);
    possessions_[text_at(call->writer.body, {"session_id"})] = {who, 0};
  }

  void invoke(const std::string& who, const std::string& session) {
    const bool streaming = *rc::gen::arbitrary<bool>();
    const auto call =
        ask(who, invoke_request(R"({"prompt":"asked by )" + who + R"(.","session_id":")" + session +
                                R"(","streaming":)" + (streaming ? "true}" : "false}")));
    const Possession* const possession = possession_of(session);
    if (possession != nullptr && possession->owner != who) {
      RC_ASSERT(call->writer.status == 404u);
      RC_ASSERT(text_at(call->writer.body, {"error_code"}) == "SESSION_NOT_FOUND");
      return;
    }
    RC_ASSERT(call->writer.status == 200u);
    possessions_[session].owner = who;
    ++possessions_[session].interactions;
  }

  void read(const std::string& who, const std::string& session) {
    const http::Request request = request_of("GET", path_of(session));
    if (!is_own(who, session)) return expect_absent(who, request);
    const auto call = ask(who, request);
    RC_ASSERT(call->writer.status == 200u);
    const auto interactions = elements_of(value_at(call->writer.body, {"interactions"}));
    RC_ASSERT(static_cast<std::int64_t>(interactions.size()) == possession_of(session)->interactions);
    for (const std::string& interaction : interactions) {
      RC_ASSERT(text_at(interaction, {"prompt"}) == "asked by " + who + '.');
    }
  }

  void erase(const std::string& who, const std::string& session) {
    const http::Request request = request_of("DELETE", path_of(session));
    if (!is_own(who, session)) return expect_absent(who, request);
    RC_ASSERT(ask(who, request)->writer.status == 204u);
    possessions_.erase(session);
    lost_.push_back(session);
  }

  void check_list(const std::string& who) {
    std::set<std::string> expected;
    for (const auto& [session, possession] : possessions_) {
      if (possession.owner == who) expected.insert(session);
    }
    std::set<std::string> found;
    std::string cursor;
    do {
      const auto call = ask(who, request_of("GET", "/api/v1/sessions?limit=3" + cursor));
      RC_ASSERT(call->writer.status == 200u);
      for (const std::string& session : elements_of(value_at(call->writer.body, {"sessions"}))) {
        found.insert(text_at(session, {"session_id"}));
      }
      cursor = text_at(call->writer.body, {"next_cursor"});
      if (!cursor.empty()) check_foreign_cursor(who, cursor);
      if (!cursor.empty()) cursor = "&cursor=" + cursor;
    } while (!cursor.empty());
    RC_ASSERT(found == expected);
  }

  /// A place in a list opens no other list.
  void check_foreign_cursor(const std::string& owner, const std::string& cursor) {
    for (const std::string& who : names_) {
      if (who == owner) continue;
      const auto call = ask(who, request_of("GET", "/api/v1/sessions?limit=3&cursor=" + cursor));
      RC_ASSERT(call->writer.status == 400u);
    }
  }

  GatewayRig rig_;
  std::string suffix_;
  std::vector<std::string> names_;
  std::map<std::string, Possession> possessions_;
  /// Erased: absent again.
  std::vector<std::string> lost_;
};

TEST_P(SessionStoreContract, Property18NobodySeesOrChangesWhatIsAnothers) {
  EXPECT_TRUE(rc::check([this] {
    Household household(store());
    const auto steps = *rc::gen::inRange(1, 25);
    for (int step = 0; step < steps; ++step) household.act();
    household.check_everything();
  }));
}

}  // namespace skymarshal::test::session_ownership
