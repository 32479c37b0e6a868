// The runtime's messages as text.
#include "runtime/message_codec.hpp"

#include "support/json_text.hpp"
#include "unit/base/json_oracle.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::runtime {
namespace {

using Kind = DecodedMessage::Kind;

Result<DecodedMessage> decode(std::string text) {
  JsonReader reader;
  return decode_message(reader, std::move(text));
}

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
  ASSERT_TRUE(chunk);
  EXPECT_EQ(chunk->kind, Kind::chunk);
  EXPECT_TRUE(chunk->known_type);
  EXPECT_EQ(chunk->message.data(), R"({"agent":"cargo" , "n":1e400})");
  const auto complete = decode(R"({"type":"complete","data":"text","extra":0})");
  ASSERT_TRUE(complete);
  EXPECT_EQ(complete->kind, Kind::complete);
  EXPECT_EQ(complete->message.data(), "\"text\"");
}

TEST(MessageCodec, TakesTheWholeMessageWhereThereIsNoData) {
  const auto complete = decode("\n{\"type\":\"complete\",\"answer\":[1, 2]} \t");
  ASSERT_TRUE(complete);
  EXPECT_EQ(complete->message.data(), "{\"type\":\"complete\",\"answer\":[1, 2]}");
}

TEST(MessageCodec, TakesUnknownTypesForChunks) {
  for (const auto* text : {R"({"type":"progress","data":5})", R"({"data":5})", R"({"type":7,"data":5})",
                           R"({"type":"COMPLETE","data":5})", R"({"type":null,"data":5})"}) {
    const auto decoded = decode(text);
    ASSERT_TRUE(decoded) << text;
    EXPECT_EQ(decoded->kind, Kind::chunk) << text;
    EXPECT_FALSE(decoded->known_type) << text;
    EXPECT_EQ(decoded->message.data(), "5") << text;
  }
}

TEST(MessageCodec, ReadsTheTypeThroughEscapes) {
  const auto decoded = decode(R"({"ty\u0070e":"c\u0068unk","d\u0061ta":1})");
  ASSERT_TRUE(decoded);
  EXPECT_TRUE(decoded->known_type);
  EXPECT_EQ(decoded->message.data(), "1");
}

TEST(MessageCodec, ReadsErrors) {
  const auto decoded =
      decode(R"({"type":"error","error":{"code":"E_1","message":"no \"way\"","details":{"a":[1]}}})");
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->kind, Kind::error);
  EXPECT_EQ(decoded->error.code, "E_1");
  EXPECT_EQ(decoded->error.message, "no \"way\"");
  EXPECT_EQ(decoded->error.details, R"({"a":[1]})");
}

TEST(MessageCodec, ReadsErrorsOfOtherShapes) {
  struct Row {
    const char *text, *code, *message, *details;
  };
  for (const Row& row :
       {Row{R"({"type":"error"})", "", "", ""}, Row{R"({"type":"error","error":"plain"})", "", "plain", ""},
        Row{R"({"type":"error","error":[1]})", "", "[1]", ""},
        Row{R"({"type":"error","error":{"code":42,"message":null,"details":"d"}})", "42", "null", "\"d\""},
        Row{R"({"type":"error","error":{}})", "", "", ""}}) {
    const auto decoded = decode(row.text);
    ASSERT_TRUE(decoded) << row.text;
    EXPECT_EQ(decoded->kind, Kind::error);
    EXPECT_EQ(decoded->error.code, row.code) << row.text;
    EXPECT_EQ(decoded->error.message, row.message) << row.text;
    EXPECT_EQ(decoded->error.details, row.details) << row.text;
  }
}

TEST(MessageCodec, FoldsDetailsToOneLine) {
  const auto decoded =
      decode("{\"type\":\"error\",\"error\":{\"details\":{\n  \"a\" : \"x\\n \",\r\n \"b\":[\n1]\n}}}");
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->error.details, R"({"a":"x\n ","b":[1]})");
}

TEST(MessageCodec, RefusesWhatIsNoObject) {
  for (const auto* text : {"", " ", "[]", "\"chunk\"", "1", "null", "{", "{}x", "{\"a\":}",
                           "{\"a\":\"\xFF\"}", "{'type':'chunk'}", "\xEF\xBB\xBF{}"}) {
    const auto decoded = decode(text);
    ASSERT_FALSE(decoded) << text;
    EXPECT_EQ(decoded.error().code, Errc::runtime_protocol_error) << text;
  }
}

RC_GTEST_PROP(MessageCodec, KeepsTheDataByteForByte, (std::vector<std::uint8_t> tape, bool complete)) {
  test::JsonBuilder builder(std::move(tape));
  const std::string data = builder.value();
  const std::string text = "{" + builder.space() + "\"type\":\"" + (complete ? "complete" : "chunk") + "\"," +
                           builder.space() + "\"data\":" + builder.space() + data + builder.space() + "}";
  const auto decoded = decode(text);
  RC_ASSERT(decoded.has_value());
  RC_ASSERT((decoded->kind == Kind::complete) == complete);
  RC_ASSERT(decoded->message.data() == data);
}

RC_GTEST_PROP(MessageCodec, NeverFailsOtherwiseThanByAProtocolError, (std::string text)) {
  const auto decoded = decode(text);
  if (!decoded) RC_ASSERT(decoded.error().code == Errc::runtime_protocol_error);
}

}  // namespace
}  // namespace skymarshal::runtime
