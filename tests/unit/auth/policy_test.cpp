#include "auth/policy.hpp"

#include <chrono>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::auth::policy_test {

constexpr std::string_view invoke = "execute-api:Invoke";

Policy policy(std::string_view json) {
  auto read = parse_policy(json);
  EXPECT_TRUE(read) << (read ? "" : read.error().message) << json;
  return read ? *std::move(read) : Policy();
}

std::string policy_refusal(std::string_view json) {
  const auto read = parse_policy(json);
  EXPECT_FALSE(read) << json;
  if (read) return {};
  EXPECT_EQ(read.error().code, Errc::invalid_request);
  return read.error().message;
}

std::string statement(std::string_view effect, std::string_view action, std::string_view resource) {
  return fmt::format(R"({{"Effect":"{}","Action":"{}","Resource":"{}"}})", effect, action, resource);
}

std::string document(std::string_view statements) { return fmt::format(R"({{"Statement":{}}})", statements); }

TEST(WildcardMatch, StarsStandForAnythingAndQuestionMarksForOne) {
  EXPECT_TRUE(wildcard_match("*", ""));
  EXPECT_TRUE(wildcard_match("", ""));
  EXPECT_FALSE(wildcard_match("", "a"));
  EXPECT_FALSE(wildcard_match("?", ""));
  EXPECT_TRUE(wildcard_match("a*c", "ac"));
  EXPECT_TRUE(wildcard_match("a*c", "abcbc"));
  EXPECT_FALSE(wildcard_match("a*c", "abcb"));
  EXPECT_TRUE(wildcard_match("GET /api/v1/sessions/*", "GET /api/v1/sessions/x/y"));
  EXPECT_FALSE(wildcard_match("GET /api/v1/sessions/*", "GET /api/v1/sessions"));
  EXPECT_FALSE(wildcard_match("get /a", "GET /a"));
  EXPECT_TRUE(wildcard_match("**a**", "bab"));
  EXPECT_TRUE(wildcard_match("*ab?", "abaabc"));
}

bool simple_match(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern.front() == '*') {
    return simple_match(pattern.substr(1), text) || (!text.empty() && simple_match(pattern, text.substr(1)));
  }
  return !text.empty() && (pattern.front() == '?' || pattern.front() == text.front()) &&
         simple_match(pattern.substr(1), text.substr(1));
}

RC_GTEST_PROP(WildcardMatch, AgreesWithItsDefinition, ()) {
  const auto pattern =
      *rc::gen::resize(8, rc::gen::container<std::string>(rc::gen::element('a', 'b', '*', '?', 'A')));
  const auto text = *rc::gen::resize(10, rc::gen::container<std::string>(rc::gen::element('a', 'b', 'A')));
  RC_ASSERT(wildcard_match(pattern, text) == simple_match(pattern, text));
}

TEST(WildcardMatch, TakesNoLongForPatternsMadeToTakeLong) {
  std::string pattern;
  for (int i = 0; i < 300; ++i) pattern += "*a";
  const std::string text = std::string(8'000, 'a') + "b";
  const auto start = std::chrono::steady_clock::now();
  EXPECT_FALSE(wildcard_match(pattern, text));
  // With backtracking it would outlast the universe.
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

TEST(Policy, AllowsWhatAStatementAllowsAndNothingElse) {
  const Policy p = policy(document(statement("Allow", "execute-api:Invoke", "POST /api/v1/invoke")));
  EXPECT_TRUE(p.allows(invoke, "POST /api/v1/invoke"));
  EXPECT_FALSE(p.allows(invoke, "GET /api/v1/sessions"));
  EXPECT_FALSE(p.allows("execute-api:ManageConnections", "POST /api/v1/invoke"));
  EXPECT_FALSE(Policy().allows(invoke, "POST /api/v1/invoke"));
}

TEST(Policy, DenyWinsWhereverItStands) {
  const std::string allow = statement("Allow", "*", "*");
  const std::string deny = statement("Deny", "execute-api:Invoke", "DELETE *");
  for (const auto& statements : {allow + "," + deny, deny + "," + allow}) {
    const Policy p = policy(document("[" + statements + "]"));
    EXPECT_TRUE(p.allows(invoke, "GET /x"));
    EXPECT_FALSE(p.allows(invoke, "DELETE /x"));
  }
}

TEST(Policy, ActionsIgnoreLetterCaseAndResourcesDoNot) {
  const Policy p = policy(document(statement("Allow", "EXECUTE-API:inv*", "GET /a")));
  EXPECT_TRUE(p.allows("execute-api:Invoke", "GET /a"));
  EXPECT_TRUE(p.allows("Execute-Api:INVOKE", "GET /a"));
  EXPECT_FALSE(p.allows("execute-api:Invoke", "GET /A"));
}

TEST(Policy, AStatementNeedsBothItsActionAndItsResource) {
  const Policy p = policy(document("[" + statement("Allow", "execute-api:Invoke", "GET /a") + "," +
                                   statement("Allow", "execute-api:InvalidateCache", "GET /b") + "]"));
  EXPECT_TRUE(p.allows(invoke, "GET /a"));
  EXPECT_FALSE(p.allows(invoke, "GET /b"));
}

TEST(ParsePolicy, TakesOneOrAListAndWhatIsHarmless) {
  const Policy p = policy(R"( {"Version":"2012-10-17","Statement":[{"Sid":"one","Effect":"Allow",
    "Action":["execute-api:Invoke","execute-api:ManageConnections"],"Resource":["GET /a","POST /b"]}]})");
  ASSERT_EQ(p.statements().size(), 1U);
  EXPECT_EQ(p.statements()[0].actions.size(), 2U);
  EXPECT_TRUE(p.allows(invoke, "POST /b"));
}

TEST(ParsePolicy, RefusesElementsItWouldHaveToPassOver) {
  for (const std::string name :
       {"Condition", "NotAction", "NotResource", "Principal", "NotPrincipal", "effect"}) {
    const std::string message =
        policy_refusal(document(R"({"Effect":"Allow","Action":"*","Resource":"*",")" + name + R"(":{}})"));
    EXPECT_NE(message.find("'" + name + "'"), std::string::npos) << message;
    EXPECT_NE(message.find("Statement 1"), std::string::npos) << message;
  }
  EXPECT_NE(policy_refusal(R"({"Id":"x","Statement":[]})").find("'Id'"), std::string::npos);
}

TEST(ParsePolicy, RefusesDoubledElements) {
  EXPECT_NE(policy_refusal(document(R"({"Effect":"Deny","Effect":"Allow","Action":"*","Resource":"*"})"))
                .find("twice"),
            std::string::npos);
  EXPECT_NE(policy_refusal(R"({"Statement":[],"Statement":[]})").find("twice"), std::string::npos);
}

TEST(ParsePolicy, RefusesMissingElementsByName) {
  EXPECT_NE(policy_refusal(document(R"({"Action":"*","Resource":"*"})")).find("Effect"), std::string::npos);
  EXPECT_NE(policy_refusal(document(R"({"Effect":"Allow","Resource":"*"})")).find("Action"),
            std::string::npos);
  EXPECT_NE(policy_refusal(document(R"({"Effect":"Allow","Action":"*"})")).find("Resource"),
            std::string::npos);
  EXPECT_NE(policy_refusal("{}").find("Statement"), std::string::npos);
}

TEST(ParsePolicy, RefusesWhatIsNoPolicy) {
  policy_refusal("");
  policy_refusal("[]");
  policy_refusal("{");
  policy_refusal(R"({"Statement":"*"})");
  policy_refusal(R"({"Statement":[]})");
  policy_refusal(R"({"Statement":[1]})");
  policy_refusal(R"({"Version":"2008-10-17","Statement":)" + statement("Allow", "*", "*") + "}");
  policy_refusal(R"({"Version":1,"Statement":)" + statement("Allow", "*", "*") + "}");
  policy_refusal(document(statement("allow", "*", "*")));
  policy_refusal(document(R"({"Effect":true,"Action":"*","Resource":"*"})"));
  policy_refusal(document(R"({"Effect":"Allow","Action":[],"Resource":"*"})"));
  policy_refusal(document(R"({"Effect":"Allow","Action":"*","Resource":[]})"));
  policy_refusal(document(R"({"Effect":"Allow","Action":"*","Resource":[["*"]]})"));
  policy_refusal(document(R"({"Effect":"Allow","Action":"*","Resource":{"a":"*"}})"));
  policy_refusal(document(R"({"Effect":"Allow","Action":"*","Resource":"*","Sid":1})"));
  policy_refusal(document(R"({"Effect":"Allow","Action":"*","Resource":"*\u0000"})"));
  policy_refusal(document(R"({"Effect":"Allow","Action":"*","Resource":"*\ud800"})"));
  policy_refusal(document(R"({"Effect":"Allow","Action":"*","Resource":"*é"})"));
}

TEST(ParsePolicy, RefusesActionsThatNoRequestHas) {
  for (const auto* action : {"Invoke", "execute-api:Invok", "s3:GetObject", "", "execute-api"}) {
    const std::string message = policy_refusal(document(statement("Deny", action, "*")));
    EXPECT_NE(message.find("execute-api:Invoke"), std::string::npos) << message;
  }
  for (const auto* action : {"*", "execute-api:*", "*:Invoke", "EXECUTE-API:invoke", "execute-api:I?voke"})
    policy(document(statement("Deny", action, "*")));
}

TEST(ParsePolicy, RefusesResourcesThatNoRequestHas) {
  for (const auto* resource : {"", "/api/v1/invoke", "post /api/v1/invoke", "POST", "POST api", "HEAD /a",
                               "GET /api/v1/sessions/6F1C*", "PSOT /a",
                               "arn:aws:execute-api:us-east-1:123456789012:x/*/POST/invoke"}) {
    const std::string message = policy_refusal(document(statement("Deny", "*", resource)));
    EXPECT_NE(message.find("POST /api/v1/invoke"), std::string::npos) << message;
  }
  for (const auto* resource :
       {"*", "* /api/v1/invoke", "POST*", "P* /a", "GET *", "GET ?api", "DELETE /", "*/a"})
    policy(document(statement("Deny", "*", resource)));
}

TEST(ParsePolicy, BoundsEverything) {
  const auto list = [](std::size_t count, const std::string& each) {
    std::string out = "[" + each;
    for (std::size_t i = 1; i < count; ++i) out += "," + each;
    return out + "]";
  };
  policy(document(list(100, statement("Allow", "*", "*"))));
  EXPECT_NE(policy_refusal(document(list(101, statement("Allow", "*", "*")))).find("100"), std::string::npos);
  const auto resources = [&](std::size_t count) {
    return document(R"({"Effect":"Allow","Action":"*","Resource":)" + list(count, R"("*")") + "}");
  };
  policy(resources(200));
  policy_refusal(resources(201));
  policy(document(statement("Allow", "*", "GET /" + std::string(1'019, 'a'))));
  policy_refusal(document(statement("Allow", "*", "GET /" + std::string(1'020, 'a'))));
  policy_refusal(document(statement("Allow", "*", "*")) + std::string(policy_bytes_max, ' '));
}

TEST(ParsePolicy, WhatItTakesCanBeWrittenAndReadAgain) {
  // Just short enough as it stands, but not with what to_json adds.
  std::string resources;
  for (int i = 0; i < 10; ++i)
    resources += (i == 0 ? "\"GET /" : ",\"GET /") + std::string(1'010, 'a') + "\"";
  const std::string text = document(R"({"Effect":"Allow","Action":"*","Resource":[)" + resources + "]}");
  ASSERT_LE(text.size(), policy_bytes_max);
  EXPECT_NE(policy_refusal(text).find("longer"), std::string::npos);
}

RC_GTEST_PROP(ToJson, ParsePolicyReadsItBack, ()) {
  const auto action = rc::gen::element<std::string>("*", "execute-api:Invoke", "EXECUTE-API:*");
  const auto resource =
      rc::gen::map(rc::gen::container<std::string>(rc::gen::element('/', 'a', '*', '?', '"', '\\')),
                   [](const std::string& path) { return "GET /" + path; });
  std::vector<Statement> statements;
  const auto count = *rc::gen::inRange(1, 4);
  for (int i = 0; i < count; ++i) {
    statements.push_back(
        {*rc::gen::element(Effect::allow, Effect::deny),
         *rc::gen::nonEmpty(rc::gen::resize(3, rc::gen::container<std::vector<std::string>>(action))),
         *rc::gen::nonEmpty(rc::gen::resize(3, rc::gen::container<std::vector<std::string>>(resource)))});
  }
  const auto again = parse_policy(to_json(Policy(statements)));
  RC_ASSERT(again.has_value());
  RC_ASSERT(again->statements().size() == statements.size());
  for (std::size_t i = 0; i < statements.size(); ++i) {
    RC_ASSERT(again->statements()[i].effect == statements[i].effect);
    RC_ASSERT(again->statements()[i].actions == statements[i].actions);
    RC_ASSERT(again->statements()[i].resources == statements[i].resources);
  }
}

}  // namespace skymarshal::auth::policy_test
