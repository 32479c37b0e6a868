// Events as text: one line of JSON each.
#include "gateway/event_stream.hpp"

#include "http/sse.hpp"
#include "support/fake_runtime.hpp"
#include "support/json_text.hpp"

#include <gtest/gtest.h>

namespace skymarshal::gateway::event_stream_test {

using test::runtime_message;
using test::text_at;
using test::value_at;

const RequestId request_id = *RequestId::parse("11111111-1111-4111-8111-111111111111");
const SessionId session_id = *SessionId::parse("22222222-2222-4222-8222-222222222222");

std::string text_of(const EventBatch& batch) {
  std::string text;
  for (const auto& buffer : batch.buffers())
    text.append(static_cast<const char*>(buffer.data()), buffer.size());
  return text;
}

std::string text_of(const invocations::JournalEvent& event) {
  EventBatch batch(EventIds::no);
  batch.add(event, request_id);
  return text_of(batch);
}

invocations::JournalEvent chunk(std::uint64_t seq, std::string_view data) {
  return {seq, runtime_message(data), {}};
}

invocations::JournalEvent end(std::uint64_t seq, std::optional<Error> error, std::string body = {},
                              invocations::Persisted persisted = invocations::Persisted::stored) {
  invocations::InvocationEnd end;
  end.persisted = persisted;
  end.error = std::move(error);
  end.body = share_text(std::move(body));
  end.execution_time = Milliseconds(42);
  return {seq, {}, std::make_unique<const invocations::InvocationEnd>(std::move(end))};
}

TEST(EventStream, BeginsWithItsNames) {
  const std::string event =
      "data: {\"type\":\"metadata\",\"seq\":0,\"request_id\":\"11111111-1111-4111-8111-111111111111\","
      "\"session_id\":\"22222222-2222-4222-8222-222222222222\","
      "\"events_url\":\"/api/v1/invocations/11111111-1111-4111-8111-111111111111/events\"}\n\n";
  EXPECT_EQ(metadata_event(request_id, session_id, EventIds::no), event);
  EXPECT_EQ(metadata_event(request_id, session_id, EventIds::yes), "retry: 2000\nid: 0\n" + event);
}

TEST(EventStream, PutsIdsBeforeTheDataWhereTheyAreWanted) {
  EventBatch batch(EventIds::yes);
  const invocations::JournalEvent event = chunk(7, "1");
  batch.add(event, request_id);
  EXPECT_EQ(text_of(batch), "id: 7\ndata: {\"type\":\"chunk\",\"seq\":7,\"data\":1}\n\n");
}

TEST(EventStream, ItsLastEventSaysWhenItsInteractionIsNotStored) {
  using invocations::Persisted;
  EXPECT_EQ(text_of(end(3, {}, "{}", Persisted::later)),
            "data: {\"type\":\"complete\",\"seq\":3,\"execution_time_ms\":42,\"session_persisted\":\"later\","
            "\"data\":{}}\n\n");
  const std::string failed = text_of(end(3, make_error(Errc::timeout, "slow"), "", Persisted::lost));
  EXPECT_EQ(text_at(failed.substr(6), {"session_persisted"}), "lost");
  EXPECT_EQ(text_of(end(3, {}, "{}")).find("persisted"), std::string::npos);
}

TEST(EventStream, WritesChunksAsTheyCame) {
  EXPECT_EQ(text_of(chunk(7, R"({"agent" : "cargo","n":1e400})")),
            "data: {\"type\":\"chunk\",\"seq\":7,\"data\":{\"agent\" : \"cargo\",\"n\":1e400}}\n\n");
}

TEST(EventStream, WritesTheEnd) {
  EXPECT_EQ(
      text_of(end(3, std::nullopt, R"({"status":"success"})")),
      "data: "
      "{\"type\":\"complete\",\"seq\":3,\"execution_time_ms\":42,\"data\":{\"status\":\"success\"}}\n\n");
}

TEST(EventStream, WritesErrorsWithTheirDetails) {
  EXPECT_EQ(text_of(end(2, make_error(Errc::timeout, "too late", R"({"stage":"total"})"))),
            "data: {\"type\":\"error\",\"seq\":2,\"error_code\":\"TIMEOUT\",\"error_message\":\"too late\","
            "\"request_id\":\"11111111-1111-4111-8111-111111111111\",\"error\":{\"code\":\"TIMEOUT\","
            "\"message\":\"too late\",\"details\":{\"stage\":\"total\"}}}\n\n");
}

TEST(EventStream, GivesErrorsEmptyDetailsWhereThereAreNone) {
  http::SseParser parser;
  parser.feed(text_of(end(1, make_error(Errc::internal, "a \"b\"\nc"))));
  const auto event = parser.next();
  ASSERT_TRUE(event);
  EXPECT_EQ(value_at(event->data, {"error", "details"}), "{}");
  EXPECT_EQ(text_at(event->data, {"error_message"}), "a \"b\"\nc");
}

TEST(EventStream, KeepsErrorsOnOneLineForEveryReader) {
  const std::string event =
      text_of(end(1, make_error(Errc::runtime_error, "a\xC2\x85 b\xE2\x80\xA8 c\xE2\x80\xA9")));
  EXPECT_NE(event.find(R"("error_message":"a\u0085 b\u2028 c\u2029")"), std::string::npos) << event;
  EXPECT_EQ(event.find("\xE2\x80"), std::string::npos);
}

TEST(EventBatch, HoldsSoManyEventsAndKeepsTheirOrder) {
  std::vector<invocations::JournalEvent> events;
  for (std::uint64_t seq = 1; seq <= EventBatch::events_max; ++seq) {
    events.push_back(chunk(seq, std::to_string(seq * 10)));
  }
  EventBatch batch(EventIds::no);
  EXPECT_TRUE(batch.empty());
  batch.add_text(http::sse_keep_alive);
  std::string expected(http::sse_keep_alive);
  for (const invocations::JournalEvent& event : events) {
    EXPECT_FALSE(batch.full());
    batch.add(event, request_id);
    expected += text_of(event);
  }
  EXPECT_TRUE(batch.full());
  EXPECT_EQ(text_of(batch), expected);
}

TEST(EventBatch, CanBeUsedAgain) {
  EventBatch batch(EventIds::no);
  const invocations::JournalEvent first =
      chunk(1, "\"a long first event that needs an allocation of its own\"");
  const invocations::JournalEvent second = chunk(2, "2");
  batch.add(first, request_id);
  batch.clear();
  EXPECT_TRUE(batch.empty());
  batch.add(second, request_id);
  EXPECT_EQ(text_of(batch), text_of(second));
}

/// How many of the buffers are this very text, and no copy of it.
std::ptrdiff_t count_of(const EventBatch& batch, std::string_view text) {
  return std::ranges::count_if(batch.buffers(), [&](const boost::asio::const_buffer& buffer) {
    return buffer.data() == text.data() && buffer.size() == text.size();
  });
}

TEST(EventBatch, CopiesNothingOfWhatTheRuntimeSaid) {
  const invocations::JournalEvent event = chunk(1, R"({"agent":"cargo"})");
  EventBatch batch(EventIds::no);
  batch.add(event, request_id);
  EXPECT_EQ(count_of(batch, event.chunk.data()), 1);
}

TEST(EventBatch, CopiesNothingOfTheAnswer) {
  const invocations::JournalEvent event = end(2, std::nullopt, R"({"status":"success"})");
  EventBatch batch(EventIds::no);
  batch.add(event, request_id);
  EXPECT_EQ(count_of(batch, *event.end->body), 1) << "the text that was saved leaves in a stream too";
}

}  // namespace skymarshal::gateway::event_stream_test
