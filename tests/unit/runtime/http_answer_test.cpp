// The answers that AgentCore's HTTP contract allows, and what is made of each.
#include "runtime/http_answer.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::runtime::http_answer_test {

using Form = HttpAnswer::Form;
using Kind = HttpAnswer::Step::Kind;

constexpr std::size_t bytes_max = 1000;

/// The steps as text: "chunk 1", "complete {}", "failed …".
std::vector<std::string> steps_of(Form form, const std::vector<std::string>& pieces, bool is_whole = true) {
  HttpAnswer answer(form, bytes_max);
  std::vector<std::string> told;
  const auto take = [&] {
    while (auto step = answer.next()) {
      switch (step->kind) {
        case Kind::chunk:
          told.push_back("chunk " + std::string(step->message.data()));
          break;
        case Kind::complete:
        case Kind::complete_without_data:
          told.push_back("complete " + std::string(step->message.data()));
          break;
        case Kind::failed:
          told.push_back("failed " + step->failure.error.message);
          break;
        case Kind::skipped:
          told.push_back("skipped");
          break;
        case Kind::late:
          told.push_back("late");
          break;
      }
    }
  };
  for (const std::string& piece : pieces) {
    if (const auto failure = answer.feed(piece)) return {"failed " + failure->error.message};
    take();
  }
  if (!is_whole) return {answer.broken().error.message};
  answer.end();
  take();
  return told;
}

std::vector<std::string> events(const std::vector<std::string>& data) {
  std::string body;
  for (const std::string& one : data) body += "data: " + one + "\n\n";
  return steps_of(Form::events, {body});
}

std::vector<std::string> document(const std::string& body) { return steps_of(Form::document, {body}); }

using Steps = std::vector<std::string>;

TEST(HttpAnswer, IsEventsByItsContentType) {
  EXPECT_EQ(HttpAnswer::form_of({{"Content-Type", "text/event-stream"}}), Form::events);
  EXPECT_EQ(HttpAnswer::form_of({{"content-type", "Text/Event-Stream ; charset=utf-8"}}), Form::events);
  EXPECT_EQ(HttpAnswer::form_of({{"Content-Type", "application/json"}}), Form::document);
  EXPECT_EQ(HttpAnswer::form_of({}), Form::document);
}

TEST(HttpAnswer, ADocumentIsTheAnswer) {
  EXPECT_EQ(document(R"( {"response":"fine"} )"), Steps{R"(complete {"response":"fine"})"});
  EXPECT_EQ(document(R"("fine")"), Steps{R"(complete "fine")"});
  EXPECT_EQ(document("[1,2]"), Steps{"complete [1,2]"});
  EXPECT_EQ(document("fine, \"thanks\""), Steps{R"(complete "fine, \"thanks\"")"});
  EXPECT_EQ(document(R"({"type":"complete","data":{"a":1}})"), Steps{R"(complete {"a":1})"});
  EXPECT_EQ(document(R"({"type":"flight","data":{"a":1}})"),
            Steps{R"(complete {"type":"flight","data":{"a":1}})"});
}

TEST(HttpAnswer, ADocumentMayBeAnError) {
  EXPECT_EQ(document(R"({"error":"no such flight"})"),
            Steps{"failed the runtime reported an error: no such flight"});
  EXPECT_EQ(document(R"({"error":null,"a":1})"), Steps{R"(complete {"error":null,"a":1})"});
  EXPECT_NE(document(R"({"type":"error","error":{"code":"TIMEOUT"}})").at(0).find("gave up"),
            std::string::npos);
}

TEST(HttpAnswer, ABrokenDocumentIsNone) {
  EXPECT_NE(document(R"({"a":)").at(0).find("could not be read"), std::string::npos);
  EXPECT_NE(document("").at(0).find("empty"), std::string::npos);
  EXPECT_NE(document(" \n").at(0).find("empty"), std::string::npos);
  EXPECT_NE(document(std::string(bytes_max + 1, 'x')).at(0).find("1000 bytes"), std::string::npos);
}

TEST(HttpAnswer, MessagesOfTheProtocolMeanWhatTheyMean) {
  EXPECT_EQ(
      events({R"({"type":"chunk","data":1})", R"({"type":"complete","data":{}})", R"({"type":"chunk"})"}),
      (Steps{"chunk 1", "complete {}", "late"}));
  EXPECT_NE(events({R"({"type":"chunk","data":1})"}).back().find("without a complete"), std::string::npos);
  EXPECT_NE(events({R"({"type":"chunk","data":1})", R"({"a":1})"}).back().find("without a complete"),
            std::string::npos)
      << "whoever has begun so owes an end";
}

TEST(HttpAnswer, OtherEventsAreChunksAndTheStreamsEndIsTheEnd) {
  EXPECT_EQ(
      events({R"({"agent":"cargo"})", R"({"assessment":{}})"}),
      (Steps{R"(chunk {"agent":"cargo"})", R"(chunk {"assessment":{}})", R"(complete {"assessment":{}})"}));
  EXPECT_EQ(events({R"("Hel")", "lo", "7"}),
            (Steps{R"(chunk "Hel")", R"(chunk "lo")", "chunk 7", R"(complete {"events":["Hel","lo",7]})"}));
  EXPECT_EQ(events({R"({"agent":"cargo"})"}), (Steps{R"(chunk {"agent":"cargo"})", "complete {}"}));
  EXPECT_EQ(steps_of(Form::events, {"data: 1"}), (Steps{"chunk 1", R"(complete {"events":[1]})"}))
      << "no empty line at its end";
}

TEST(HttpAnswer, EventsMayBeErrors) {
  EXPECT_EQ(events({R"({"error":"out of memory"})"}),
            Steps{"failed the runtime reported an error: out of memory"});
  EXPECT_EQ(steps_of(Form::events, {"event: error\ndata: it broke\n\n"}),
            Steps{"failed the runtime reported an error: it broke"});
  EXPECT_EQ(steps_of(Form::events, {"event: error\ndata: {\"error\":\"sdk\"}\n\n"}),
            Steps{"failed the runtime reported an error: sdk"});
}

TEST(HttpAnswer, ABrokenObjectIsSkipped) {
  EXPECT_EQ(events({R"({"a":)", R"({"b":1})"}),
            (Steps{"skipped", R"(chunk {"b":1})", R"(complete {"b":1})"}));
}

TEST(HttpAnswer, AStreamOfNothingIsNoAnswer) {
  EXPECT_NE(steps_of(Form::events, {": keep-alive\n\n"}).at(0).find("without a complete"), std::string::npos);
  EXPECT_NE(steps_of(Form::events, {"data: 1\n\n"}, false).at(0).find("cut off"), std::string::npos);
}

TEST(HttpAnswer, EventsAreBounded) {
  EXPECT_NE(events({std::string(bytes_max + 1, '1')}).at(0).find("1000 bytes"), std::string::npos);
  EXPECT_NE(
      steps_of(Form::events, {"data: " + std::string(bytes_max + 70'000, 'x')}).at(0).find("1000 bytes"),
      std::string::npos)
      << "without an end of it in sight";
  const std::vector<std::string> many(30, "\"" + std::string(100, 'x') + "\"");
  EXPECT_NE(events(many).back().find("1000 bytes"), std::string::npos) << "all together are the answer";
}

RC_GTEST_PROP(HttpAnswer, ReadsTheSameInPiecesOfAnySize, ()) {
  const std::vector<std::string> kinds = {R"({"type":"chunk","data":{"a":1}})",
                                          R"({"agent":"cargo","status":"approved"})",
                                          R"("text")",
                                          "plain \xC3\xA4",
                                          R"({"a":)",
                                          R"({"assessment":{"b":2}})",
                                          R"({"type":"complete","data":{"c":3}})"};
  std::string body;
  const auto count = *rc::gen::inRange(0, 6);
  for (int i = 0; i < count; ++i)
    body += "data: " + *rc::gen::elementOf(kinds) + *rc::gen::element("\n\n", "\r\n\r\n");
  std::vector<std::string> pieces;
  for (std::size_t at = 0; at < body.size();) {
    const auto size = static_cast<std::size_t>(*rc::gen::inRange(1, 20));
    pieces.push_back(body.substr(at, size));
    at += size;
  }
  RC_ASSERT(steps_of(Form::events, pieces) == steps_of(Form::events, {body}));
}

}  // namespace skymarshal::runtime::http_answer_test
