// Bodies of POST /invoke made up at random, each with what must become of it. To be called inside a property.
#pragma once

#include "base/json_writer.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace skymarshal::test {

struct RandomBody {
  std::string text;
  /// The fields that something is wrong with; empty: the body is to be accepted.
  std::multiset<std::string> wrong;
  /// Of an accepted body.
  std::string prompt;
  std::optional<std::string> session_id;
  bool streaming = false;
};

/// One character that no sanitising touches, as UTF-8.
inline std::string random_character() {
  static const std::vector<std::string> characters = {"a",
                                                      "Z",
                                                      "7",
                                                      "-",
                                                      ".",
                                                      "\"",
                                                      "\\",
                                                      "/",
                                                      "\x7F",
                                                      "\xC3\xA9",
                                                      "\xE2\x82\xAC",
                                                      "\xF0\x9F\x98\x80",
                                                      "\xE4\xB8\xAD"};
  return *rc::gen::elementOf(characters);
}

/// Text of exactly `count` characters that sanitising leaves as it is.
inline std::string random_text(std::size_t count) {
  const std::string a = random_character();
  const std::string b = random_character();
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += i % 3 == 1 ? b : a;
  return text;
}

inline std::size_t random_valid_length() {
  return *rc::gen::weightedOneOf<std::size_t>({{6, rc::gen::inRange<std::size_t>(10, 60)},
                                               {1, rc::gen::element<std::size_t>(10, 11, 9'999, 10'000)}});
}

inline std::string random_uuid_text() {
  std::string text = "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx";
  for (char& c : text) {
    if (c == 'x') c = *rc::gen::elementOf(std::string("0123456789abcdefABCDEF"));
    if (c == 'y') c = *rc::gen::elementOf(std::string("89abAB"));
  }
  return text;
}

inline std::string json_quoted(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

inline std::string random_other_value(std::string_view not_this_kind) {
  std::vector<std::string> values = {"1", "-2.5e3", "[]", R"(["EY283 is late"])", R"({"a":1})"};
  if (not_this_kind != "string") values.emplace_back(R"("true")");
  if (not_this_kind != "boolean") values.emplace_back("true");
  if (not_this_kind == "boolean" || not_this_kind == "prompt") values.emplace_back("null");
  return *rc::gen::elementOf(values);
}

namespace detail {

inline void add_prompt(RandomBody& body, std::vector<std::string>& members) {
  static const std::string removed = "<>{}\x01\x1F";
  static const std::vector<std::string> spaces = {" ",        "\t",           "\n",
                                                  "\xC2\xA0", "\xE3\x80\x80", "\xE2\x80\xA8"};
  std::string sent;
  switch (*rc::gen::weightedElement<int>({{8, 0}, {4, 1}, {1, 2}, {1, 3}, {1, 4}, {1, 5}, {1, 6}})) {
    case 0:
      sent = body.prompt = random_text(random_valid_length());
      break;
    case 1: {
      // What is removed, and outer white space, may stand anywhere.
      body.prompt = random_text(10 + *rc::gen::inRange<std::size_t>(0, 20));
      sent = *rc::gen::elementOf(spaces) + *rc::gen::elementOf(removed) + *rc::gen::elementOf(spaces) +
             body.prompt + *rc::gen::elementOf(removed) + *rc::gen::elementOf(spaces);
      break;
    }
    case 2:
      sent = random_text(*rc::gen::inRange<std::size_t>(0, 10));
      body.wrong.insert("prompt");
      break;
    case 3:
      sent = random_text(*rc::gen::inRange<std::size_t>(10'001, 10'100));
      body.wrong.insert("prompt");
      break;
    case 4:
      // Long enough as sent, too short when cleaned.
      sent = random_text(*rc::gen::inRange<std::size_t>(0, 10)) +
             std::string(12, *rc::gen::elementOf(removed)) + *rc::gen::elementOf(spaces);
      body.wrong.insert("prompt");
      break;
    case 5:
      members.push_back("\"prompt\":" + random_other_value("string"));
      body.wrong.insert("prompt");
      return;
    default:
      body.wrong.insert("prompt");
      return;
  }
  members.push_back("\"prompt\":" + json_quoted(sent));
}

inline void add_session_id(RandomBody& body, std::vector<std::string>& members) {
  std::string text = random_uuid_text();
  switch (*rc::gen::weightedElement<int>({{3, 0}, {1, 1}, {3, 2}, {1, 3}, {1, 4}})) {
    case 0:
      return;
    case 1:
      members.emplace_back(R"("session_id":null)");
      return;
    case 2:
      members.push_back("\"session_id\":" + json_quoted(text));
      std::ranges::transform(text, text.begin(),
                             [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
      body.session_id = text;
      return;
    case 3: {
      const auto broken = *rc::gen::element<std::string>("", "x", text + "0", text.substr(1),
                                                         "{" + text + "}", " " + text, std::string(36, '0'));
      text = broken;
      break;
    }
    default:
      // The version or the variant is another.
      if (*rc::gen::arbitrary<bool>())
        text[14] = *rc::gen::elementOf(std::string("0123567f"));
      else
        text[19] = *rc::gen::elementOf(std::string("01234567cdefCDEF"));
  }
  members.push_back("\"session_id\":" + json_quoted(text));
  body.wrong.insert("session_id");
}

inline void add_streaming(RandomBody& body, std::vector<std::string>& members) {
  switch (*rc::gen::weightedElement<int>({{3, 0}, {1, 1}, {1, 2}, {1, 3}})) {
    case 0:
      return;
    case 1:
      members.emplace_back(R"("streaming":false)");
      return;
    case 2:
      members.emplace_back(R"("streaming":true)");
      body.streaming = true;
      return;
    default:
      members.push_back("\"streaming\":" + random_other_value("boolean"));
      if (members.back().ends_with(":true")) {
        body.streaming = true;
        return;
      }
      body.wrong.insert("streaming");
  }
}

inline void add_unknown(RandomBody& body, std::vector<std::string>& members) {
  static const std::vector<std::string> names = {"promt", "Prompt", "sessionId", "stream", "", "a\"b"};
  const auto count = *rc::gen::weightedElement<std::size_t>({{6, 0}, {1, 1}, {1, 3}});
  for (std::size_t i = 0; i < count; ++i) {
    members.push_back(json_quoted(names[i * 2]) + ":" + random_other_value("any"));
    body.wrong.insert(names[i * 2]);
  }
}

}  // namespace detail

/// A body that is one JSON object, with nothing or any number of things wrong with it.
inline RandomBody random_body() {
  RandomBody body;
  std::vector<std::string> members;
  detail::add_prompt(body, members);
  detail::add_session_id(body, members);
  detail::add_streaming(body, members);
  detail::add_unknown(body, members);
  const auto turn = *rc::gen::inRange<std::size_t>(0, 4);
  if (!members.empty())
    std::ranges::rotate(members, members.begin() + static_cast<long>(turn % members.size()));
  const std::string space = *rc::gen::element<std::string>("", " ", "\n  ");
  for (const std::string& member : members) {
    body.text += (body.text.empty() ? "{" : ",") + space + member;
  }
  if (body.text.empty()) body.text = "{";
  body.text += space + "}";
  return body;
}

/// A body that is not one JSON object as it should be: cut off, spoilt, doubled or too deep.
inline std::string random_broken_body() {
  std::string text = random_body().text;
  switch (*rc::gen::inRange(0, 6)) {
    case 0:
      return text.substr(0, *rc::gen::inRange<std::size_t>(0, text.size()));
    case 1:
      return text + *rc::gen::element<std::string>("x", "{}", ",", "\"");
    case 2:
      return R"({"prompt":"EY283 is late","prompt":"EY283 is late"})";
    case 3:
      return R"({"prompt":)" + std::string(*rc::gen::inRange<std::size_t>(32, 400), '[');
    case 4:
      return "[" + text + "]";
    default:
      return R"({"prompt":"EY283 is late )" +
             *rc::gen::element<std::string>("\\ud800", "\xFF", "\xC0\xAF", "\x02") + "\"}";
  }
}

}  // namespace skymarshal::test
