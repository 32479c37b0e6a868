// Through the gateway: POST /api/v1/invoke over a kept connection, the answer whole or as an event stream; or
// the event stream of an invocation that somebody else began.
#include "http_response_reader.hpp"
#include "lane.hpp"

#include <charconv>

namespace skymarshal::bench {
namespace {

/// The number behind the first `"seq":` of an event's data; negative if there is none.
std::int64_t sequence_number(std::string_view data) {
  constexpr std::string_view name = "\"seq\":";
  const std::size_t at = data.find(name);
  if (at == std::string_view::npos) return -1;
  std::string_view digits = data.substr(at + name.size());
  digits.remove_prefix(std::min(digits.find_first_not_of(' '), digits.size()));
  std::int64_t number = -1;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

class HttpLane final : public Lane {
 public:
  explicit HttpLane(const Surroundings& surroundings)
      : Lane(surroundings),
        request_(options().mode == LoadMode::followed ? request_to_follow() : request_to_invoke()) {}

 protected:
  void prepare(bool) override {
    input_.clear();
    response_.reset();
    events_read_ = 0;
    next_number_ = 0;
    stream_completed_ = false;
  }
  std::string_view opening() const override { return request_; }
  std::string& input() override { return input_; }
  Progress take_input(bool ended) override;

 private:
  std::string request_to_invoke() const;
  std::string request_to_follow() const;
  std::string host_field() const { return options().host + ":" + std::to_string(options().port); }
  bool streams() const { return options().reads_event_stream(); }
  Progress take_events();
  Progress take_event(std::string_view data);
  Progress finish();

  std::string request_;
  std::string input_;
  HttpResponseReader response_;
  std::size_t events_read_ = 0;
  std::int64_t next_number_ = 0;
  bool stream_completed_ = false;
};

std::string HttpLane::request_to_invoke() const {
  const std::string body =
      R"({"prompt":")" + json_escaped(options().prompt) + (streams() ? R"(","streaming":true})" : R"("})");
  return "POST " + options().path + " HTTP/1.1\r\nHost: " + host_field() +
         "\r\nContent-Type: application/json\r\nAccept: " +
         (streams() ? "text/event-stream" : "application/json") +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string HttpLane::request_to_follow() const {
  const std::vector<std::string>& paths = options().followed_paths;
  return "GET " + paths[surroundings().number_of_lane % paths.size()] + " HTTP/1.1\r\nHost: " + host_field() +
         "\r\nAccept: text/event-stream\r\n\r\n";
}

Lane::Progress HttpLane::take_input(bool ended) {
  const HttpResponseReader::Status status = response_.advance(input_);
  if (status == HttpResponseReader::Status::broken) return fail("protocol", "not an HTTP/1.1 response");
  if (streams() && response_.status_code() == 200 && take_events() == Progress::failed) {
    return Progress::failed;
  }
  if (status == HttpResponseReader::Status::need_more) return ended ? fail("closed") : Progress::pending;
  if (response_.status_code() != 200) {
    return fail("status_" + std::to_string(response_.status_code()), response_.body());
  }
  if (ended || !response_.keeps_alive()) stream().close();
  return finish();
}

Lane::Progress HttpLane::finish() {
  const std::string& body = response_.body();
  if (!input_.empty()) return fail("protocol", "bytes after the response");
  if (streams()) {
    if (!stream_completed_ || events_read_ != body.size()) return fail("incomplete", "no complete event");
    return Progress::done;
  }
  const bool succeeded = body.find(R"("status":"success")") != std::string::npos && body.ends_with('}');
  if (!succeeded || !is_whole(body, options().expected_chunks)) return fail("incomplete", body);
  answered();
  return Progress::done;
}

Lane::Progress HttpLane::take_events() {
  const std::string_view body = response_.body();
  for (;;) {
    const std::size_t end = body.find("\n\n", events_read_);
    if (end == std::string_view::npos) return Progress::pending;
    std::string_view event = body.substr(events_read_, end - events_read_);
    events_read_ = end + 2;
    // A comment keeps the connection alive, an id line is for who resumes: neither is measured.
    const std::size_t data = event.starts_with("data: ") ? 0 : event.find("\ndata: ");
    if (data == std::string_view::npos) continue;
    event.remove_prefix(data + (data == 0 ? 6 : 7));
    if (take_event(event) == Progress::failed) return Progress::failed;
  }
}

Lane::Progress HttpLane::take_event(std::string_view data) {
  if (stream_completed_) return fail("protocol", "an event after the end");
  const std::int64_t number = sequence_number(data);
  if (number != next_number_) return fail("sequence", data);
  ++next_number_;
  if (number == 0) {
    return data.starts_with(R"({"type":"metadata")") ? Progress::pending : fail("protocol", data);
  }
  if (data.starts_with(R"({"type":"chunk")")) {
    count_chunk(data);
    return Progress::pending;
  }
  if (!data.starts_with(R"({"type":"complete")")) return fail("runtime_error", data);
  if (!is_whole(data, number - 1)) return fail("incomplete", data);
  answered();
  stream_completed_ = true;
  return Progress::pending;
}

}  // namespace

std::unique_ptr<Lane> make_http_lane(const Lane::Surroundings& surroundings) {
  return std::make_unique<HttpLane>(surroundings);
}

}  // namespace skymarshal::bench
