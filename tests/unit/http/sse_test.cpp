// Server-sent events: whatever the pieces and line ends, the same events come out (property 12's reading
// side).
#include "http/sse.hpp"

#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::http {

void showValue(const SseEvent& event, std::ostream& os) {
  os << "{" << event.type << "|" << event.data << "|" << event.last_event_id << "}";
}

bool operator==(const SseEvent& a, const SseEvent& b) {
  return a.type == b.type && a.data == b.data && a.last_event_id == b.last_event_id;
}

namespace {

using namespace std::string_literals;
using Events = std::vector<SseEvent>;

Events events_of(SseParser& parser, std::string_view text, std::size_t piece = std::string_view::npos) {
  Events events;
  for (std::size_t at = 0; at < text.size(); at += std::min(piece, text.size() - at)) {
    EXPECT_TRUE(parser.feed(text.substr(at, piece)));
    while (auto event = parser.next()) events.push_back(std::move(*event));
  }
  return events;
}

Events events_of(std::string_view text, std::size_t piece = std::string_view::npos) {
  SseParser parser;
  return events_of(parser, text, piece);
}

/// Expects the same from the whole text and from every size of pieces.
void expect_events(const std::string& text, const Events& expected) {
  for (const std::size_t piece :
       {std::string::npos, std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{7}})
    EXPECT_EQ(events_of(text, piece), expected) << "in pieces of " << piece << ": " << text;
}

TEST(SseParser, ReadsTheEventsOfOurOwnStreams) {
  expect_events("data: {\"type\":\"metadata\",\"seq\":0}\n\n: keep-alive\n\ndata: {\"seq\":1}\n\n",
                {{"message", "{\"type\":\"metadata\",\"seq\":0}", ""}, {"message", "{\"seq\":1}", ""}});
}

TEST(SseParser, KeepsTheIdUntilAnotherComes) {
  expect_events("id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n",
                {{"message", "a", "1"}, {"message", "b", "1"}, {"message", "c", ""}});
}

TEST(SseParser, IgnoresAnIdWithNul) {
  expect_events("id: 1\ndata: a\n\nid: x\0y\ndata: b\n\n"s, {{"message", "a", "1"}, {"message", "b", "1"}});
}

TEST(SseParser, JoinsDataLines) {
  expect_events("data: a\ndata\ndata:  b\n\n", {{"message", "a\n\n b", ""}});
}

TEST(SseParser, TakesOffOneSpaceBehindTheColon) {
  expect_events("data:a\n\ndata: a\n\ndata:  a\n\n",
                {{"message", "a", ""}, {"message", "a", ""}, {"message", " a", ""}});
}

TEST(SseParser, NamesEventsAndForgetsTheNameAfterwards) {
  expect_events("event: x\ndata: 1\n\ndata: 2\n\n", {{"x", "1", ""}, {"message", "2", ""}});
}

TEST(SseParser, GivesNoEventWithoutData) {
  expect_events("event: x\n\n: comment\n\nid: 9\n\ndata: a\n\n", {{"message", "a", "9"}});
}

TEST(SseParser, GivesAnEventWithEmptyData) {
  expect_events("data\n\ndata:\n\n", {{"message", "", ""}, {"message", "", ""}});
}

TEST(SseParser, IgnoresUnknownFields) {
  expect_events("retry: 5\nDATA: x\ndata x: y\nfoo\ndata: a\n\n", {{"message", "a", ""}});
}

TEST(SseParser, KeepsAnUnfinishedEventToItself) {
  expect_events("data: a\n\ndata: b\n", {{"message", "a", ""}});
}

TEST(SseParser, GivesAnUnfinishedEventToWhoeverAsks) {
  for (const char* text : {"data: a\n\nid: 7\nevent: x\ndata: b\n", "data: a\n\nid: 7\nevent: x\ndata: b",
                           "data: a\r\rid: 7\revent: x\rdata: b\r"}) {
    for (const std::size_t piece : {std::string::npos, std::size_t{1}}) {
      SseParser parser;
      EXPECT_EQ(events_of(parser, text, piece), (Events{{"message", "a", ""}})) << text;
      EXPECT_EQ(parser.unfinished(), (SseEvent{"x", "b", "7"})) << text;
      EXPECT_EQ(parser.unfinished(), std::nullopt) << text;
    }
  }
  for (const char* text : {"", "data: a\n\n", "event: x\n", ": comment"}) {
    SseParser parser;
    events_of(parser, text);
    EXPECT_EQ(parser.unfinished(), std::nullopt) << text;
  }
}

TEST(SseParser, TakesEveryLineEnd) {
  expect_events("data: a\r\n\r\ndata: b\r\rdata: c\n\ndata: d\r\n\n",
                {{"message", "a", ""}, {"message", "b", ""}, {"message", "c", ""}, {"message", "d", ""}});
}

TEST(SseParser, SkipsAByteOrderMarkAtTheStartOnly) {
  expect_events(
      "\xEF\xBB\xBF"
      "data: a\n\n\xEF\xBB\xBF"
      "data: b\n\n",
      {{"message", "a", ""}});
  expect_events(
      "\n\xEF\xBB\xBF"
      "data: b\n\n",
      {});
  expect_events(
      "\n\n\n\n\xEF\xBB\xBF"
      "data: b\n\ndata: c\n\n",
      {{"message", "c", ""}});
}

TEST(SseParser, RefusesALineWithoutEnd) {
  SseParser parser;
  const std::string piece(8 * 1024 * 1024, 'x');
  int taken = 0;
  while (taken < 20 && parser.feed(piece)) {
    EXPECT_FALSE(parser.next());
    ++taken;
  }
  EXPECT_EQ(taken, 8);
}

TEST(SseParser, RefusesAnEventWithoutEnd) {
  SseParser parser;
  std::string piece;
  while (piece.size() < 8 * 1024 * 1024) piece += "data: " + std::string(1000, 'x') + "\n";
  int taken = 0;
  while (taken < 20 && parser.feed(piece)) {
    EXPECT_FALSE(parser.next());
    ++taken;
  }
  EXPECT_LE(taken, 9);
}

TEST(SseParser, ReadsALongLineInSmallPiecesOnce) {
  // Quadratic reading would look at 2^39 bytes and run into the test's time limit.
  const std::string text = "data: " + std::string(std::size_t{1} << 23, 'x') + "\n\n";
  const Events events = events_of(text, 64);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].data.size(), std::size_t{1} << 23);
}

struct Stream {
  std::string text;
  Events events;
};

/// A stream as a server may write it: each line with a line end of its own.
Stream random_stream() {
  static const std::vector<std::string> line_ends = {"\n", "\r\n", "\r"};
  const auto value = rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab :{}\"0\xC3\xA9")));
  Stream stream;
  std::string last_id;
  const auto line = [&stream](const std::string& text) {
    // A lone CR before a line that starts with LF would be one line end: the CR LF pair is told by the text
    // alone.
    std::string end = *rc::gen::elementOf(line_ends);
    if (end == "\n" && stream.text.ends_with('\r') && text.empty()) end = "\r\n";
    stream.text += text + end;
  };
  const auto count = *rc::gen::inRange(0, 6);
  for (int i = 0; i < count; ++i) {
    SseEvent event;
    if (*rc::gen::arbitrary<bool>()) line(": " + *value);
    if (*rc::gen::arbitrary<bool>()) {
      last_id = *value;
      line("id: " + last_id);
    }
    if (*rc::gen::arbitrary<bool>()) {
      const std::string type = *value;
      line("event: " + type);
      if (!type.empty()) event.type = type;
    }
    const auto lines = *rc::gen::inRange(1, 4);
    for (int k = 0; k < lines; ++k) {
      const std::string data = *value;
      line((*rc::gen::arbitrary<bool>() || data.starts_with(' ') ? "data: " : "data:") + data);
      event.data += (k > 0 ? "\n" : "") + data;
    }
    line("");
    event.last_event_id = last_id;
    stream.events.push_back(event);
  }
  return stream;
}

RC_GTEST_PROP(SseParser, GivesTheSameEventsForAnyPiecesAndLineEnds, ()) {
  const Stream stream = random_stream();
  RC_LOG() << stream.text;
  RC_ASSERT(events_of(stream.text) == stream.events);
  RC_ASSERT(events_of(stream.text, 1) == stream.events);

  SseParser parser;
  Events events;
  for (std::size_t at = 0; at < stream.text.size();) {
    const auto size = *rc::gen::inRange<std::size_t>(1, 12);
    const std::string_view piece = std::string_view(stream.text).substr(at, size);
    RC_ASSERT(parser.feed(piece));
    // Events may also be fetched later than they are complete.
    if (*rc::gen::arbitrary<bool>()) {
      while (auto event = parser.next()) events.push_back(std::move(*event));
    }
    at += piece.size();
  }
  while (auto event = parser.next()) events.push_back(std::move(*event));
  RC_ASSERT(events == stream.events);
}

RC_GTEST_PROP(SseParser, AnswersAnyBytesAlikeHoweverTheyAreCut, (const std::vector<std::uint8_t>& bytes)) {
  static constexpr std::string_view alphabet = "\r\n\r\n\r\n: datevn\0\xEF\xBB\xBF";
  std::string text;
  for (const std::uint8_t byte : bytes) {
    if (byte > 240) text += "data";
    text += alphabet[byte % alphabet.size()];
  }
  const Events whole = events_of(text);
  RC_ASSERT(events_of(text, 1) == whole);
  RC_ASSERT(events_of(text, 2) == whole);
  RC_ASSERT(events_of(text, 5) == whole);
}

}  // namespace
}  // namespace skymarshal::http
