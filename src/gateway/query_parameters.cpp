#include "gateway/query_parameters.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <utility>

namespace skymarshal::gateway {
namespace {

/// Of the parameters that say who calls; they are the authorizer's.
constexpr std::string_view presigned_prefix = "X-Amz-";

}  // namespace

Error bad_parameter(std::string_view name, std::string_view rule) {
  std::string message = std::string(name) + " " + std::string(rule);
  std::string details;
  JsonWriter json(details);
  json.begin_object().key("errors").begin_array().begin_object();
  json.member("field", name)
      .member("message", std::string_view(message))
      .end_object()
      .end_array()
      .end_object();
  return make_error(Errc::invalid_request, std::move(message), std::move(details));
}

Result<void> expect_parameters(const http::Target& target, std::initializer_list<std::string_view> known) {
  for (const http::QueryParameter& parameter : target.query) {
    if (parameter.name.starts_with(presigned_prefix)) continue;
    if (std::ranges::count(known, parameter.name) == 0) {
      return bad_parameter(parameter.name, "is not a parameter of this request");
    }
    if (std::ranges::count(target.query, parameter.name, &http::QueryParameter::name) > 1) {
      return bad_parameter(parameter.name, "must be given once");
    }
  }
  return {};
}

Result<invocations::PageRequest> read_page(const http::Target& target) {
  invocations::PageRequest page;
  page.limit = page_default;
  page.cursor = target.parameter("cursor").value_or(std::string_view());
  if (const auto text = target.parameter("limit")) {
    const auto limit = parse_number<std::size_t>(*text);
    if (!limit || *limit < 1 || *limit > page_max) {
      return bad_parameter("limit", "must be a number from 1 to 500");
    }
    page.limit = *limit;
  }
  return page;
}

void write_next_cursor(JsonWriter& json, const std::string& cursor) {
  json.key("next_cursor");
  if (cursor.empty())
    json.null();
  else
    json.string(cursor);
}

}  // namespace skymarshal::gateway
