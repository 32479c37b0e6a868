// The language model behind the agent server: whose words a client gets, and what ends the waiting for them.
#include "agents/server/assessor.hpp"
#include "unit/agents/server/runtime_bench.hpp"
#include "unit/agents/wording/model_server.hpp"
#include "unit/agents/wording/wording_samples.hpp"

#include <thread>

#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/json/value_to.hpp>
#include <gtest/gtest.h>

namespace skymarshal::agents::server::agent_wording_test {

using assessment::Agent;
using assessment::AgentAssessment;
using assessment::AgentPhase;
using assessment::Plan;
using assessment::Situation;
using assessment::Verdict;

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace json = boost::json;
using asio::ip::tcp;
using Client = beast::websocket::stream<tcp::socket, false>;
using test::ModelAnswer;
using test::ModelServer;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

std::vector<Agent> one_agent_a_phase() {
  const auto assess = [](const Situation&, const Plan&) { return test::crew_sample(Verdict::conditional); };
  return {{"crew_compliance", AgentPhase::safety, assess}, {"finance", AgentPhase::business, assess}};
}

/// An agent server beside its language model, on one event loop.
class WordingBench {
 public:
  explicit WordingBench(const ModelAnswer& answer, Milliseconds deadline = std::chrono::seconds(20))
      : model_server_(model_io_, [answer](const std::string&, std::size_t) { return answer; }),
        model_thread_([this] { model_io_.run(); }),
        bench_(options(deadline)) {}
  ~WordingBench() {
    asio::post(model_io_, [this] { model_io_.stop(); });
    model_thread_.join();
  }
  WordingBench(const WordingBench&) = delete;
  WordingBench& operator=(const WordingBench&) = delete;

  RuntimeBench& bench() { return bench_; }
  /// By the server's own thread.
  std::size_t asked() {
    return asio::post(model_io_, asio::use_future([this] { return model_server_.requests().size(); })).get();
  }
  int open() {
    return asio::post(model_io_, asio::use_future([this] { return model_server_.open(); })).get();
  }
  template <typename Condition>
  bool until(Condition condition) {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > give_up) return false;
      bench_.io().restart();
      bench_.io().run_for(Milliseconds(5));
    }
    return true;
  }

 private:
  AgentServer::Options options(Milliseconds deadline) const {
    AgentServer::Options options;
    options.agents = one_agent_a_phase();
    options.language_model = model_server_.options();
    options.language_model->deadline = deadline;
    return options;
  }

  asio::io_context model_io_;
  ModelServer model_server_;
  std::thread model_thread_;
  RuntimeBench bench_;
};

const std::string& honest() { return test::honest_texts().front(); }

std::string invocation_body() { return R"({"prompt":"EY283 is late"})"; }

asio::awaitable<std::shared_ptr<Client>> open_and_send(tcp::endpoint endpoint) {
  auto client = std::make_shared<Client>(co_await asio::this_coro::executor);
  co_await client->next_layer().async_connect(endpoint, asio::use_awaitable);
  const std::string host = "x";
  const std::string path = "/ws";
  co_await client->async_handshake(host, path, asio::use_awaitable);
  const std::string text = R"({"action":"invoke","payload":{"prompt":"EY283 is late"}})";
  co_await client->async_write(asio::buffer(text), asio::use_awaitable);
  co_return client;
}

/// All messages up to "complete".
asio::awaitable<std::vector<json::value>> messages(tcp::endpoint endpoint) {
  const auto client = co_await open_and_send(endpoint);
  std::vector<json::value> all;
  bool complete = false;
  while (!complete) {
    beast::flat_buffer buffer;
    auto [failed, count] = co_await client->async_read(buffer, as_result);
    if (failed) break;
    all.push_back(json::parse(beast::buffers_to_string(buffer.data())));
    complete = all.back().at("type").as_string() == "complete";
  }
  co_return all;
}

std::string reasoning_in(const json::value& data, const char* phase, const char* agent) {
  return json::value_to<std::string>(data.at(phase).at("agents").at(agent).at("reasoning"));
}

/// The data of the answer to a POST.
json::value data_of(const std::string& answer) {
  return json::parse(answer.substr(answer.find("\r\n\r\n") + 4));
}

TEST(AgentWording, TheModelsWordsAreInChunksAndAnswer) {
  WordingBench bench(test::streamed(honest()));
  const auto all = bench.bench().run(messages(bench.bench().endpoint()));
  ASSERT_EQ(all.size(), 5U);
  for (const std::size_t i : {1U, 3U}) {
    EXPECT_EQ(all[i].at("data").at("partial_result").at("reasoning").as_string(), json::string(honest()));
  }
  EXPECT_EQ(reasoning_in(all[4].at("data"), "safety_phase", "crew_compliance"), honest());
  EXPECT_EQ(reasoning_in(all[4].at("data"), "business_phase", "finance"), honest());
  EXPECT_EQ(bench.asked(), 2U);
}

TEST(AgentWording, HttpAnswersAreWordedToo) {
  WordingBench bench(test::streamed(honest()));
  const std::string answer =
      bench.bench().run(exchange(bench.bench().endpoint(), post("/invocations", invocation_body())));
  EXPECT_EQ(reasoning_in(data_of(answer), "safety_phase", "crew_compliance"), honest());
}

TEST(AgentWording, ALiarChangesNoByteOfTheAnswer) {
  const auto answer_with = [](const ModelAnswer& model) {
    WordingBench bench(model);
    return data_of(
        bench.bench().run(exchange(bench.bench().endpoint(), post("/invocations", invocation_body()))));
  };
  RuntimeBench without({.agents = one_agent_a_phase()});
  const json::value own =
      data_of(without.run(exchange(without.endpoint(), post("/invocations", invocation_body()))));
  EXPECT_EQ(json::serialize(answer_with(test::streamed("The flight is approved."))), json::serialize(own));
  EXPECT_EQ(json::serialize(answer_with(test::status_answer("500 Broken"))), json::serialize(own));
}

TEST(AgentWording, AClientThatHangsUpEndsTheCalls) {
  WordingBench bench(ModelAnswer{{test::stream_start()}, false, true});
  auto client = bench.bench().run(open_and_send(bench.bench().endpoint()));
  ASSERT_TRUE(bench.until([&] { return bench.asked() == 1 && bench.open() == 1; }));
  client->next_layer().close();
  EXPECT_TRUE(bench.until([&] { return bench.open() == 0; }));
}

TEST(AgentWording, AnHttpClientThatHangsUpEndsTheCalls) {
  WordingBench bench(ModelAnswer{{test::stream_start()}, false, true});
  tcp::socket client(bench.bench().io());
  client.connect(bench.bench().endpoint());
  asio::write(client, asio::buffer(post("/invocations", invocation_body())));
  ASSERT_TRUE(bench.until([&] { return bench.asked() == 1 && bench.open() == 1; }));
  client.close();
  EXPECT_TRUE(bench.until([&] { return bench.open() == 0; }));
}

TEST(AgentWording, AnHttpClientThatSendsMoreHasNotLeft) {
  WordingBench bench(ModelAnswer{{test::stream_start()}, false, true}, Milliseconds(500));
  const std::string twice = post("/invocations", invocation_body(), "") +
                            post("/invocations", invocation_body(), "Connection: close\r\n");
  const std::string answers = bench.bench().run(exchange(bench.bench().endpoint(), twice));
  EXPECT_EQ(bench.asked(), 4U) << "the model is asked for both phases of both, until the deadline";
  EXPECT_NE(answers.find("HTTP/1.1 200 OK", 1), std::string::npos);
}

TEST(AgentWording, AStopEndsTheWaitAndTheAnswerArrives) {
  WordingBench bench(ModelAnswer{{test::stream_start()}, false, true});
  bool answered = false;
  std::string answer;
  asio::co_spawn(bench.bench().io(),
                 exchange(bench.bench().endpoint(), post("/invocations", invocation_body())),
                 [&](const std::exception_ptr&, std::string text) {
                   answer = std::move(text);
                   answered = true;
                 });
  ASSERT_TRUE(bench.until([&] { return bench.asked() == 1; }));
  bench.bench().server().stop();
  EXPECT_TRUE(bench.until([&] { return answered; }));
  EXPECT_EQ(reasoning_in(data_of(answer), "safety_phase", "crew_compliance"),
            test::crew_sample(Verdict::conditional).reasoning);
  EXPECT_TRUE(bench.bench().runs_out());
}

TEST(AgentWording, ASilentModelCostsItsDeadlineAPhase) {
  WordingBench bench(ModelAnswer{{test::stream_start()}, false, true}, Milliseconds(50));
  const auto started = std::chrono::steady_clock::now();
  const auto all = bench.bench().run(messages(bench.bench().endpoint()));
  const auto took = std::chrono::steady_clock::now() - started;
  EXPECT_EQ(all.size(), 5U);
  EXPECT_GE(took, Milliseconds(100));
  EXPECT_LT(took, std::chrono::seconds(10));
}

}  // namespace skymarshal::agents::server::agent_wording_test
