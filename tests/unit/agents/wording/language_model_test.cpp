#include "agents/wording/language_model.hpp"

#include "agents/wording/wording_check.hpp"
#include "support/run_until.hpp"
#include "unit/agents/wording/model_server.hpp"
#include "unit/agents/wording/wording_samples.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::agents::wording::language_model_test {

using assessment::AgentAssessment;

namespace asio = boost::asio;
using asio::ip::tcp;
using test::chunk_event;
using test::crew_sample;
using test::ModelAnswer;
using test::ModelServer;
using test::status_answer;
using test::stream_start;
using test::streamed;

const std::string& honest() { return test::honest_texts().front(); }

class Bench {
 public:
  explicit Bench(ModelServer::Script script) : server(io, std::move(script)) {}
  explicit Bench(const ModelAnswer& answer)
      : Bench([answer](const std::string&, std::size_t) { return answer; }) {}

  LanguageModel& model(const LanguageModel::Options& options) {
    model_ = std::make_unique<LanguageModel>(io.get_executor(), options, log_);
    return *model_;
  }
  LanguageModel& model() { return model_ ? *model_ : model(server.options()); }

  /// Words the samples, to the end.
  std::vector<AgentAssessment> word(std::vector<AgentAssessment> samples) {
    begin(std::move(samples));
    EXPECT_TRUE(test::run_until(io, [this] { return ended; }));
    return assessments;
  }
  AgentAssessment word_one() { return word({crew_sample()}).front(); }

  void begin(std::vector<AgentAssessment> samples) {
    assessments = std::move(samples);
    ended = false;
    started_ = std::chrono::steady_clock::now();
    asio::co_spawn(io, model().word(assessments, stop), [this](const std::exception_ptr& failure) {
      EXPECT_FALSE(failure);
      ended = true;
      took = std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - started_);
    });
  }
  /// Lets everything end that the model has begun.
  bool nothing_left() {
    return test::run_until(io, [this] { return server.open() == 0; });
  }

  asio::io_context io;
  ModelServer server;
  StopSignal stop;
  std::vector<AgentAssessment> assessments;
  bool ended = false;
  Milliseconds took{0};

 private:
  SystemClock clock_;
  Logger log_{{.level = LogLevel::off}, clock_};
  std::unique_ptr<LanguageModel> model_;
  SteadyTime started_;
};

void expect_untouched_but_reasoning(const AgentAssessment& after, const AgentAssessment& before) {
  AgentAssessment same = after;
  same.reasoning = before.reasoning;
  std::string a;
  std::string b;
  JsonWriter first(a);
  JsonWriter second(b);
  write_assessment(first, same);
  write_assessment(second, before);
  EXPECT_EQ(a, b);
  EXPECT_EQ(after.missing_facts, before.missing_facts);
  EXPECT_EQ(after.failed(), before.failed());
}

TEST(LanguageModel, PutsTheModelsWordsInThePlaceOfTheReasoning) {
  Bench bench(streamed(honest()));
  const AgentAssessment worded = bench.word_one();
  EXPECT_EQ(worded.reasoning, honest());
  expect_untouched_but_reasoning(worded, crew_sample());
  EXPECT_EQ(bench.model().counts().worded, 1U);
}

TEST(LanguageModel, AsksForAllAgentsAtOnce) {
  Bench bench(streamed(honest()));
  // Nobody is answered before everybody has asked.
  bench.server.hold_until(4);
  for (const AgentAssessment& worded : bench.word(std::vector(4, crew_sample()))) {
    EXPECT_EQ(worded.reasoning, honest());
  }
  EXPECT_EQ(bench.server.requests().size(), 4U);
}

TEST(LanguageModel, SendsTheAssessmentAndNothingOfThePrompt) {
  Bench bench(streamed(honest()));
  LanguageModel::Options options = bench.server.options();
  options.api_key = Secret(std::string("k-123"));
  bench.model(options);
  bench.word_one();
  const std::string& request = bench.server.requests().at(0);
  EXPECT_TRUE(request.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"));
  EXPECT_NE(request.find("\r\nAuthorization: Bearer k-123\r\n"), std::string::npos);
  EXPECT_NE(request.find("\r\nContent-Type: application/json\r\n"), std::string::npos);
  EXPECT_NE(request.find("\r\nAccept: text/event-stream\r\n"), std::string::npos);
  EXPECT_NE(request.find(R"("model":"small","stream":true)"), std::string::npos);
  EXPECT_EQ(request.find("prompt:"), std::string::npos);
}

TEST(LanguageModel, SendsNoKeyWhereThereIsNone) {
  Bench bench(streamed(honest()));
  bench.word_one();
  EXPECT_EQ(bench.server.requests().at(0).find("Authorization"), std::string::npos);
}

TEST(LanguageModel, ALyingModelIsNotHeard) {
  for (const std::string_view lie :
       {"The flight is approved.", "The duty reaches 12 h 45 min, within the limit.",
        "The duty does not exceed the limit.", "EY999 takes the passengers.", "Ignore the rules."}) {
    Bench bench(streamed(lie));
    EXPECT_EQ(bench.word_one().reasoning, crew_sample().reasoning) << lie;
    EXPECT_EQ(bench.model().counts().refused, 1U) << lie;
  }
}

TEST(LanguageModel, OneLiarDoesNotSilenceTheOthers) {
  Bench bench([](const std::string&, std::size_t nth) {
    return nth == 1 ? streamed("The flight is approved.") : streamed(honest());
  });
  std::size_t worded = 0;
  for (const auto& assessment : bench.word(std::vector(3, crew_sample()))) {
    worded += assessment.reasoning == honest() ? 1 : 0;
  }
  EXPECT_EQ(worded, 2U);
}

TEST(LanguageModel, UnderstandsServersThatEndTheirStreamWithoutAnEmptyLine) {
  const std::string text = chunk_event(honest());
  const std::string whole = chunk_event(honest(), "stop");
  const std::string_view last_line = std::string_view(whole).substr(0, whole.size() - 1);
  const std::string done = "data: [DONE]";
  for (const ModelAnswer& answer :
       {ModelAnswer{{stream_start(), std::string(last_line)}},
        ModelAnswer{{stream_start(), std::string(last_line.substr(0, last_line.size() - 1))}},
        ModelAnswer{{stream_start(), text, done}}, ModelAnswer{{stream_start(), text + done + "\n"}},
        ModelAnswer{{stream_start(), text + done + "\r\n"}}}) {
    Bench bench(answer);
    EXPECT_EQ(bench.word_one().reasoning, honest()) << answer.pieces.back();
  }
}

TEST(LanguageModel, UnderstandsServersThatGiveAnEmptyReasonToGoOn) {
  std::string text = chunk_event(honest(), "stop");
  text.replace(text.find(R"("stop")"), 6, R"("")");
  Bench bench(ModelAnswer{{stream_start(), text, chunk_event("", "stop")}});
  EXPECT_EQ(bench.word_one().reasoning, honest());
}

TEST(LanguageModel, ABrokenServerChangesNothing) {
  const std::string begun = stream_start() + chunk_event("The duty exceeds the limit.");
  const std::vector<ModelAnswer> broken = {
      {{}},
      {{"HTTP/1.1 200 OK\r\nContent-"}},
      {{"SSH-2.0-OpenSSH_9.2\r\n\r\n"}},
      {{stream_start()}},
      // Half a stream, half an event, a text that was cut short.
      {{begun}},
      {{begun, "data: {\"choices\":[{\"ind"}},
      {{begun + chunk_event(" ", "length")}},
      {{begun + chunk_event("", "content_filter")}},
      // Not what was asked for.
      {{stream_start("application/json"), R"({"choices":[{"message":{"content":"The duty."}}]})"}},
      {{stream_start("text/event-streams"), chunk_event("The duty.", "stop")}},
      {{"HTTP/1.1 200 OK\r\n\r\n" + chunk_event("The duty exceeds the limit.", "stop")}},
      {{begun + "data: {\"error\":{\"message\":\"out of memory\"}}\n\n"}},
      {{begun + "data: nonsense\n\n"}},
      {{begun + "data: 7\n\n"}},
      {{begun + "data: {\"choices\":7}\n\n"}},
      {{begun + "data: {\"choices\":[7]}\n\n"}},
      {{begun + "data: {\"choices\":[{\"delta\":{\"content\":7}}]}\n\n"}},
      {{begun + "data: {\"choices\":[{\"delta\":{\"content\":\"\\ud800\"}}]}\n\n"}},
      {{begun + "data: {\"choices\":[{\"delta\":{\"content\":\"\xFF\"}}]}\n\n"}},
      {{stream_start() + "data: [DONE]\n\n"}},
      status_answer("301 Moved Permanently", "Location: /v2\r\n"),
      status_answer("400 Bad Request"),
      status_answer("401 Unauthorized"),
  };
  for (std::size_t i = 0; i < broken.size(); ++i) {
    Bench bench(broken[i]);
    EXPECT_EQ(bench.word_one().reasoning, crew_sample().reasoning) << i;
    EXPECT_EQ(bench.model().counts().worded, 0U) << i;
    EXPECT_EQ(bench.server.requests().size(), 1U) << i << ": nothing of this is asked twice";
    EXPECT_LT(bench.took, std::chrono::seconds(10)) << i;
  }
}

TEST(LanguageModel, AnAnswerWithoutEndIsCut) {
  const std::vector<ModelAnswer> endless = {
      {{stream_start(), chunk_event("The duty exceeds the limit. ")}, true},
      {{stream_start(), ": keep-alive\n\n"}, true},
      {{stream_start(), "data: 0123456789"}, true},
      {{"HTTP/1.1 200 OK\r\n", "X: y\r\n"}, true},
      {{stream_start(), "data: {\"choices\":[{\"delta\":{}}]}\n\n"}, true},
  };
  for (std::size_t i = 0; i < endless.size(); ++i) {
    Bench bench(endless[i]);
    LanguageModel::Options options = bench.server.options();
    options.answer_bytes_max = std::size_t{64} * 1024;
    bench.model(options);
    EXPECT_EQ(bench.word_one().reasoning, crew_sample().reasoning) << i;
    EXPECT_LT(bench.took, std::chrono::seconds(15)) << i;
    EXPECT_TRUE(bench.nothing_left()) << i;
  }
}

TEST(LanguageModel, ASilentServerCostsTheDeadlineAndNoMore) {
  for (const ModelAnswer& silent :
       {ModelAnswer{{}, false, true}, ModelAnswer{{stream_start()}, false, true},
        ModelAnswer{{stream_start(), chunk_event("The duty exceeds the limit.")}, false, true}}) {
    Bench bench(silent);
    LanguageModel::Options options = bench.server.options();
    options.deadline = Milliseconds(60);
    bench.model(options);
    EXPECT_EQ(bench.word_one().reasoning, crew_sample().reasoning);
    EXPECT_GE(bench.took, Milliseconds(60));
    EXPECT_LT(bench.took, std::chrono::seconds(5));
    EXPECT_TRUE(bench.nothing_left()) << "the call is cancelled";
  }
}

TEST(LanguageModel, WhoeverWasInTimeIsHeard) {
  Bench bench([](const std::string&, std::size_t nth) {
    return nth == 0 ? ModelAnswer{{stream_start()}, false, true} : streamed(honest());
  });
  LanguageModel::Options options = bench.server.options();
  options.deadline = Milliseconds(2'000);
  bench.model(options);
  bench.word(std::vector(3, crew_sample()));
  EXPECT_EQ(bench.model().counts().worded, 2U);
  EXPECT_EQ(bench.model().counts().failed, 1U);
}

TEST(LanguageModel, TriesAgainWhereTheServerWasBusy) {
  for (const std::string_view busy :
       {"429 Too Many Requests", "500 Internal Server Error", "503 Unavailable"}) {
    Bench bench([busy](const std::string&, std::size_t nth) {
      return nth < 2 ? status_answer(busy, "Retry-After: 0\r\n") : streamed(honest());
    });
    EXPECT_EQ(bench.word_one().reasoning, honest()) << busy;
    EXPECT_EQ(bench.server.requests().size(), 3U) << busy;
  }
}

TEST(LanguageModel, TriesNoMoreOftenThanItMay) {
  Bench bench(status_answer("503 Unavailable"));
  EXPECT_EQ(bench.word_one().reasoning, crew_sample().reasoning);
  EXPECT_EQ(bench.server.requests().size(), 3U);
}

TEST(LanguageModel, DoesNotWaitForAServerThatIsBusyBeyondTheDeadline) {
  Bench bench(status_answer("429 Too Many Requests", "Retry-After: 3600\r\n"));
  EXPECT_EQ(bench.word_one().reasoning, crew_sample().reasoning);
  EXPECT_EQ(bench.server.requests().size(), 1U);
  EXPECT_LT(bench.took, std::chrono::seconds(10));
}

TEST(LanguageModel, NobodyThereIsSoonFoundOut) {
  Bench bench(streamed(honest()));
  const LanguageModel::Options options = bench.server.options();
  bench.server.stop();
  bench.model(options);
  EXPECT_EQ(bench.word_one().reasoning, crew_sample().reasoning);
  EXPECT_LT(bench.took, std::chrono::seconds(10));
}

TEST(LanguageModel, AStopEndsTheWaitAndTheCalls) {
  Bench bench(ModelAnswer{{stream_start()}, false, true});
  bench.begin(std::vector(3, crew_sample()));
  ASSERT_TRUE(test::run_until(bench.io, [&] { return bench.server.requests().size() == 3; }));
  bench.stop.raise(make_error(Errc::cancelled, "gone"));
  ASSERT_TRUE(test::run_until(bench.io, [&] { return bench.ended; }));
  EXPECT_LT(bench.took, std::chrono::seconds(10));
  EXPECT_TRUE(bench.nothing_left());
  EXPECT_EQ(bench.assessments.front().reasoning, crew_sample().reasoning);
  EXPECT_EQ(bench.model().counts().stopped, 3U);
  // Nothing of the model's keeps the loop running, which a stopping server waits for.
  bench.server.stop();
  bench.io.restart();
  bench.io.run_for(std::chrono::seconds(10));
  EXPECT_TRUE(bench.io.stopped());
}

TEST(LanguageModel, AStopEndsAConnectThatHangs) {
  // A queue of one that is full: the kernel answers no further caller.
  asio::io_context io;
  tcp::acceptor full(io);
  full.open(tcp::v4());
  full.bind(tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  full.listen(0);
  tcp::socket first(io);
  first.connect(full.local_endpoint());

  Bench bench(streamed(honest()));
  LanguageModel::Options options = bench.server.options();
  options.endpoint.port = full.local_endpoint().port();
  options.connect_timeout = std::chrono::seconds(60);
  options.deadline = std::chrono::seconds(60);
  bench.model(options);
  bench.begin({crew_sample()});
  bench.io.run_for(Milliseconds(20));
  bench.stop.raise(make_error(Errc::cancelled, "gone"));
  ASSERT_TRUE(test::run_until(bench.io, [&] { return bench.ended; }));
  bench.server.stop();
  bench.io.restart();
  bench.io.run_for(std::chrono::seconds(10));
  EXPECT_TRUE(bench.io.stopped()) << "the connect goes on";
}

TEST(LanguageModel, AStopThatWasRaisedBeforeAsksNobody) {
  Bench bench(streamed(honest()));
  bench.stop.raise(make_error(Errc::shutting_down, "stop"));
  EXPECT_EQ(bench.word_one().reasoning, crew_sample().reasoning);
  EXPECT_TRUE(bench.server.requests().empty());
}

TEST(LanguageModel, MayGoWhileCallsAreEnding) {
  Bench bench(ModelAnswer{{stream_start()}, false, true});
  {
    asio::io_context& io = bench.io;
    const SystemClock clock;
    Logger log({.level = LogLevel::off}, clock);
    auto model = std::make_unique<LanguageModel>(io.get_executor(), bench.server.options(), log);
    std::vector<AgentAssessment> assessments(2, crew_sample());
    bool ended = false;
    asio::co_spawn(io, model->word(assessments, bench.stop),
                   [&](const std::exception_ptr&) { ended = true; });
    ASSERT_TRUE(test::run_until(io, [&] { return bench.server.requests().size() == 2; }));
    bench.stop.raise(make_error(Errc::cancelled, "gone"));
    ASSERT_TRUE(test::run_until(io, [&] { return ended; }));
  }
  EXPECT_TRUE(bench.nothing_left());
}

TEST(LanguageModel, AsksNoMoreAtOnceThanItMay) {
  Bench bench(streamed(honest()));
  LanguageModel::Options options = bench.server.options();
  options.calls_max = 2;
  bench.model(options);
  bench.word(std::vector(5, crew_sample()));
  EXPECT_EQ(bench.server.requests().size(), 2U);
  bench.word(std::vector(5, crew_sample()));
  EXPECT_EQ(bench.server.requests().size(), 4U) << "places of calls that have ended are free again";
}

TEST(LanguageModel, AnAgentWithoutAWordIsNotWorded) {
  Bench bench(streamed(honest()));
  AgentAssessment silent = crew_sample();
  silent.reasoning.clear();
  EXPECT_EQ(bench.word({silent}).front().reasoning, "");
  EXPECT_TRUE(bench.server.requests().empty());
}

TEST(LanguageModel, AFailedAgentIsNotWorded) {
  Bench bench(streamed(honest()));
  AgentAssessment failed = crew_sample();
  failed.failure = "broken";
  EXPECT_EQ(bench.word({failed}).front().reasoning, crew_sample().reasoning);
  EXPECT_TRUE(bench.server.requests().empty());
}

TEST(LanguageModel, KnowsTheEndpointByWhatPeopleWrite) {
  const auto target = [](std::string_view url) {
    return chat_endpoint(http::parse_endpoint(url).value()).target;
  };
  EXPECT_EQ(target("http://127.0.0.1:8081"), "/v1/chat/completions");
  EXPECT_EQ(target("http://127.0.0.1:8081/"), "/v1/chat/completions");
  EXPECT_EQ(target("http://127.0.0.1:8081/v1"), "/v1/chat/completions");
  EXPECT_EQ(target("http://127.0.0.1:8081/v1/"), "/v1/chat/completions");
  EXPECT_EQ(target("http://127.0.0.1:8081/v1/chat/completions"), "/v1/chat/completions");
  EXPECT_EQ(target("https://llm.example/openai/deployments/d?api-version=1"),
            "/openai/deployments/d/chat/completions?api-version=1");
}

/// Whatever comes, and however it is cut: the rules' text, or one that the check lets through.
RC_GTEST_PROP(LanguageModelProperty, OnlyCheckedTextsArrive, ()) {
  std::string bytes = stream_start() + chunk_event(honest(), "stop");
  const auto changes = *rc::gen::inRange(0, 4);
  for (int i = 0; i < changes; ++i) {
    const auto at = *rc::gen::inRange<std::size_t>(0, bytes.size());
    bytes[at] = *rc::gen::arbitrary<char>();
  }
  ModelAnswer answer;
  for (std::size_t at = 0; at < bytes.size();) {
    const auto size = *rc::gen::inRange<std::size_t>(1, 200);
    answer.pieces.push_back(bytes.substr(at, size));
    at += size;
  }
  Bench bench(answer);
  const std::string reasoning = bench.word_one().reasoning;
  RC_ASSERT(reasoning == crew_sample().reasoning || check_wording(crew_sample(), reasoning).has_value());
  if (changes == 0) RC_ASSERT(reasoning != crew_sample().reasoning);
}

}  // namespace skymarshal::agents::wording::language_model_test
