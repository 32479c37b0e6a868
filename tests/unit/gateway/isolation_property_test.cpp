// Property 18: whatever two principals do, in whatever order and all at once, neither sees or changes
// anything of the other's.
#include "http/sse.hpp"
#include "support/gateway_rig.hpp"
#include "support/json_text.hpp"

#include <map>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::gateway::isolation_property_test {

using test::elements_of;
using test::FakeRuntime;
using test::GatewayRig;
using test::request_of;
using test::text_at;
using test::value_at;

const std::vector<std::string> principals = {"alice", "bob"};

/// What is being asked, and by whom.
struct Question {
  std::string who;
  std::string session;
  http::Request request;
  std::shared_ptr<GatewayRig::Call> call;
};

/// Everybody's sessions as they must be, kept beside the gateway.
class Ledger {
 public:
  bool owned_by_another(const std::string& session, const std::string& who) const {
    const auto found = owner_.find(session);
    return found != owner_.end() && found->second != who;
  }
  void own(const std::string& session, const std::string& who) { owner_.emplace(session, who); }
  const std::vector<std::string>& sessions() const { return sessions_; }
  void know(const std::string& session) {
    if (std::ranges::count(sessions_, session) == 0) sessions_.push_back(session);
  }
  std::string owner(const std::string& session) const {
    const auto found = owner_.find(session);
    return found == owner_.end() ? std::string() : found->second;
  }

 private:
  std::map<std::string, std::string> owner_;
  std::vector<std::string> sessions_;
};

Question random_question(const Ledger& ledger) {
  Question question;
  question.who = *rc::gen::elementOf(principals);
  question.session = *rc::gen::elementOf(ledger.sessions());
  const std::string path = "/api/v1/sessions/" + question.session;
  switch (*rc::gen::weightedElement<int>({{5, 0}, {2, 1}, {1, 2}, {4, 3}, {1, 4}})) {
    case 0:
      // The prompt names its author, so that it is known again wherever it turns up.
      question.request = test::invoke_request(R"({"prompt":"this was asked by )" + question.who +
                                              R"(","session_id":")" + question.session + R"(","streaming":)" +
                                              (*rc::gen::arbitrary<bool>() ? "true}" : "false}"));
      break;
    case 1:
      question.request = request_of("GET", path);
      break;
    case 2:
      question.request = request_of("GET", "/api/v1/sessions?limit=500");
      break;
    case 3:
      question.request = request_of("DELETE", path);
      break;
    default:
      question.request = request_of("POST", "/api/v1/sessions");
      break;
  }
  question.request.headers.set("X-Principal", question.who);
  return question;
}

/// Whether somebody who may do it erases the session in this round, so that anybody may have it next.
bool may_change_hands(const std::string& session, const std::vector<Question>& round, const Ledger& ledger) {
  return std::ranges::any_of(round, [&](const Question& each) {
    return each.request.method == "DELETE" && each.session == session &&
           !ledger.owned_by_another(session, each.who);
  });
}

/// The answer shows nothing of anybody else; it may be a refusal, and is one where the session is another's.
void check(const Question& question, const std::vector<Question>& round, const Ledger& ledger,
           const std::string& lost_answer) {
  const std::string& other = question.who == "alice" ? principals[1] : principals[0];
  const test::RecordingWriter& answer = question.call->writer;
  RC_ASSERT(answer.body.find("asked by " + other) == std::string::npos);
  for (const std::string& session : ledger.sessions()) {
    if (!ledger.owned_by_another(session, question.who) || session == question.session) continue;
    if (may_change_hands(session, round, ledger)) continue;
    RC_ASSERT(answer.body.find(session) == std::string::npos);
  }
  const bool names_session = question.request.target.ends_with(question.session) ||
                             question.request.body.find(question.session) != std::string::npos;
  if (!names_session || !ledger.owned_by_another(question.session, question.who)) return;
  if (may_change_hands(question.session, round, ledger)) return;
  RC_ASSERT(answer.status == 404u);
  RC_ASSERT(text_at(answer.body, {"error_code"}) == "SESSION_NOT_FOUND");
  // The same words as for a session that never was.
  RC_ASSERT(text_at(answer.body, {"error_message"}) == lost_answer);
  RC_ASSERT(value_at(answer.body, {"details"}).empty());
}

/// Who owns what follows from what was saved and created, as the store has it.
void learn(Ledger& ledger, const Question& question) {
  if (question.request.method == "POST" && question.request.body.empty()) {
    const std::string created = text_at(question.call->writer.body, {"session_id"});
    ledger.know(created);
    ledger.own(created, question.who);
  }
}

RC_GTEST_PROP(Property18Isolation, NobodySeesOrChangesWhatIsAnothers, ()) {
  GatewayRig rig;
  rig.runtime.play = [](const invocations::RuntimeRequest& request) {
    FakeRuntime::Play play;
    play.data = R"({"assessment":{"echo":")" + request.prompt + "\"}}";
    // Long enough for others to come by while it runs.
    play.chunks.assign(5, R"({"agent":"cargo","echo":")" + request.prompt + "\"}");
    return play;
  };
  http::Request lost = request_of("GET", "/api/v1/sessions/" + SessionId::generate(rig.random).str());
  const std::string lost_answer = text_at(rig.ask(lost)->writer.body, {"error_message"});

  Ledger ledger;
  ledger.know(SessionId::generate(rig.random).str());
  for (const std::string& who : principals) {
    Question create{who, "", request_of("POST", "/api/v1/sessions"), {}};
    create.request.headers.set("X-Principal", who);
    create.call = rig.ask(create.request);
    learn(ledger, create);
  }
  const auto rounds = *rc::gen::inRange(1, 6);
  for (int round = 0; round < rounds; ++round) {
    // Several at once; a session that nobody had goes to whoever comes first, and stays theirs.
    std::vector<Question> questions;
    const auto count = *rc::gen::inRange<std::size_t>(1, 9);
    for (std::size_t i = 0; i < count; ++i) questions.push_back(random_question(ledger));
    const Ledger before = ledger;
    for (Question& question : questions) {
      question.call = rig.begin(question.request);
      rig.step(*rc::gen::inRange(0, 16));
    }
    for (const Question& question : questions) {
      rig.finish(question.call);
      check(question, questions, before, lost_answer);
      learn(ledger, question);
    }
    for (const invocations::Interaction& saved : rig.store.saved) {
      RC_ASSERT(saved.prompt == "this was asked by " + saved.principal.id);
    }
    // Erasing frees a name for whoever comes next: look again at who has what.
    Ledger now;
    for (const std::string& session : ledger.sessions()) {
      now.know(session);
      for (const std::string& who : principals) {
        http::Request look = request_of("GET", "/api/v1/sessions/" + session);
        look.headers.set("X-Principal", who);
        const auto seen = rig.ask(look);
        if (seen->writer.status != 200u) continue;
        RC_ASSERT(now.owner(session).empty());
        now.own(session, who);
        for (const auto& interaction : elements_of(value_at(seen->writer.body, {"interactions"}))) {
          RC_ASSERT(text_at(interaction, {"prompt"}) == "this was asked by " + who);
        }
      }
    }
    ledger = now;
  }
}

}  // namespace skymarshal::gateway::isolation_property_test
