// The runtime's messages as text.
#include "runtime/message_codec.hpp"

#include "support/json_text.hpp"
#include "unit/base/json_oracle.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::runtime::message_codec_test {

using Kind = DecodedMessage::Kind;

DecodedMessage decode(std::string text) { return decode_message(std::move(text)); }

TEST(MessageCodec, WritesTheInvokeMessage) {
  SystemRandom random;
  const invocations::RuntimeRequest request{RequestId::generate(random), SessionId::generate(random),
                                            "a \"b\"\\\n\t\x01 \xE2\x82\xAC"};
  EXPECT_EQ(encode_invoke(request), R"({"action":"invoke","payload":{"prompt":"a \"b\"\\\n\t\u0001 )"
                                    "\xE2\x82\xAC\",\"session_id\":\"" +
                                        request.session_id.str() + "\"}}");
}

TEST(MessageCodec, CutsTheDataOut) {
  const auto chunk = decode(" {\"data\" : {\"agent\":\"cargo\" , \"n\":1e400} ,\"type\":\"chunk\"}\n");
  EXPECT_EQ(chunk.kind, Kind::chunk);
  EXPECT_TRUE(chunk.known_type);
  EXPECT_EQ(chunk.message.data(), R"({"agent":"cargo" , "n":1e400})");
  const auto complete = decode(R"({"type":"complete","data":"text","extra":0})");
  EXPECT_EQ(complete.kind, Kind::complete);
  EXPECT_EQ(complete.message.data(), "\"text\"");
}

TEST(MessageCodec, TakesTheWholeMessageWhereThereIsNoData) {
  const auto complete = decode("\n{\"type\":\"complete\",\"answer\":[1, 2]} \t");
  EXPECT_EQ(complete.message.data(), "{\"type\":\"complete\",\"answer\":[1, 2]}");
}

TEST(MessageCodec, TakesUnknownTypesForChunks) {
  for (const auto* text : {R"({"type":"progress","data":5})", R"({"data":5})", R"({"type":7,"data":5})",
                           R"({"type":"COMPLETE","data":5})", R"({"type":null,"data":5})"}) {
    const auto decoded = decode(text);
    EXPECT_EQ(decoded.kind, Kind::chunk) << text;
    EXPECT_FALSE(decoded.known_type) << text;
    EXPECT_EQ(decoded.message.data(), "5") << text;
  }
}

TEST(MessageCodec, ReadsTheTypeThroughEscapes) {
  const auto decoded = decode(R"({"ty\u0070e":"c\u0068unk","d\u0061ta":1})");
  EXPECT_TRUE(decoded.known_type);
  EXPECT_EQ(decoded.message.data(), "1");
}

TEST(MessageCodec, KnowsWhetherACompleteHoldsItsData) {
  EXPECT_TRUE(decode(R"({"type":"complete","data":{}})").has_data);
  EXPECT_TRUE(decode(R"({"type":"complete","data":""})").has_data);
  EXPECT_FALSE(decode(R"({"type":"complete","data":null})").has_data);
  EXPECT_FALSE(decode(R"({"type":"complete","answer":1})").has_data);
}

TEST(MessageCodec, ReadsErrors) {
  const auto decoded =
      decode(R"({"type":"error","error":{"code":"E_1","message":"no \"way\"","details":{"a":[1]}}})");
  EXPECT_EQ(decoded.kind, Kind::error);
  EXPECT_EQ(decoded.words.code, "E_1");
  EXPECT_EQ(decoded.words.message, "no \"way\"");
  EXPECT_EQ(decoded.words.details, R"({"a":[1]})");
}

TEST(MessageCodec, KnowsAnErrorWithoutATypeFromAChunk) {
  for (const auto* text : {R"({"error":"E","error_type":"T","message":"m"})", R"({"error":{"code":"E"}})"}) {
    EXPECT_EQ(decode(text).kind, Kind::error) << text;
    EXPECT_EQ(decode(text).words.code, "E") << text;
  }
  for (const auto* text : {R"({"type":"chunk","error":"E"})", R"({"error":"E","data":{}})",
                           R"({"error":null})", R"({"type":"progress","error":"E"})"}) {
    EXPECT_EQ(decode(text).kind, Kind::chunk) << text;
  }
}

TEST(MessageCodec, PassesOverAByteOrderMark) {
  const auto decoded = decode("\xEF\xBB\xBF {\"type\":\"complete\",\"data\":[1]}");
  EXPECT_EQ(decoded.kind, Kind::complete);
  EXPECT_EQ(decoded.message.data(), "[1]");
  EXPECT_EQ(decode("\xEF\xBB\xBF{\"a\":1}").message.data(), "{\"a\":1}");
}

TEST(MessageCodec, CannotReadWhatIsNoObject) {
  for (const auto* text :
       {"", " ", "[]", "\"chunk\"", "1", "null", "{", "{}x", "{\"a\":}", "{\"a\":\"\xFF\"}", "{\"a\":NaN}",
        "{'type':'chunk'}", "\xEF\xBB\xBF", "\xEF\xBB\xBF\xEF\xBB\xBF{}"}) {
    const auto decoded = decode(text);
    EXPECT_EQ(decoded.kind, Kind::unreadable) << text;
    EXPECT_FALSE(decoded.problem.empty()) << text;
    EXPECT_EQ(decoded.claimed_type, "") << text;
  }
}

TEST(MessageCodec, KnowsWhatAnUnreadableMessageClaimsToBe) {
  struct Row {
    const char *text, *type;
  };
  for (const Row& row : {
           Row{R"({"type":"complete","data":{"confidence":NaN}})", "complete"},
           Row{R"({"data":{"confidence":NaN,"type":"chunk"},"type" : "complete"})", "complete"},
           Row{R"({"type":"complete","data":{)", "complete"},
           Row{"{\"type\":\"error\",\"message\":\"\xFF\"}", "error"},
           Row{R"({"type":"chunk","data":{"type":"complete","n":NaN}})", "chunk"},
           Row{R"({"data":["type","complete"],"n":NaN})", ""},
           Row{R"({"key":"type","x":"complete","n":NaN})", ""},
           Row{R"({"a":"\"type\":\"complete\"","n":NaN})", ""},
           Row{R"({"type":NaN,"b":"complete"})", ""},
           Row{R"({"type":"comp)", "comp"},
           Row{R"({"type)", ""},
           Row{R"([{"type":"complete","n":NaN}])", ""},
       }) {
    const auto decoded = decode(row.text);
    EXPECT_EQ(decoded.kind, Kind::unreadable) << row.text;
    EXPECT_EQ(decoded.claimed_type, row.type) << row.text;
  }
}

RC_GTEST_PROP(MessageCodec, KeepsTheDataByteForByte, (std::vector<std::uint8_t> tape, bool complete)) {
  test::JsonBuilder builder(std::move(tape));
  const std::string data = builder.value();
  const std::string text = "{" + builder.space() + "\"type\":\"" + (complete ? "complete" : "chunk") + "\"," +
                           builder.space() + "\"data\":" + builder.space() + data + builder.space() + "}";
  const auto decoded = decode(text);
  RC_ASSERT((decoded.kind == Kind::complete) == complete);
  RC_ASSERT(decoded.message.data() == data);
}

RC_GTEST_PROP(MessageCodec, SaysWhatIsWrongWithWhateverItCannotRead, (std::string text)) {
  const auto decoded = decode(text);
  RC_ASSERT((decoded.kind == Kind::unreadable) == !decoded.problem.empty());
}

}  // namespace skymarshal::runtime::message_codec_test
