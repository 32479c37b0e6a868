#include "aws/shared_file.hpp"

#include "aws/field_index.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

namespace skymarshal::aws {
namespace {

constexpr std::string_view white_space = " \t\r\f\v";
constexpr std::string_view config_prefix = "profile";
constexpr std::string_view session_prefix = "sso-session";

bool is_comment(std::string_view trimmed_line) {
  return trimmed_line.starts_with('#') || trimmed_line.starts_with(';');
}

/// Up to the first comment sign that white space stands before.
std::string_view without_comment(std::string_view value) {
  for (std::size_t i = 1; i < value.size(); ++i) {
    const bool is_sign = value[i] == '#' || value[i] == ';';
    if (is_sign && white_space.find(value[i - 1]) != std::string_view::npos) return value.substr(0, i);
  }
  return value;
}

std::string_view unquoted(std::string_view name) {
  const bool has_quotes =
      name.size() >= 2 && (name.front() == '"' || name.front() == '\'') && name.back() == name.front();
  return has_quotes ? name.substr(1, name.size() - 2) : name;
}

class Parser {
 public:
  explicit Parser(SharedFileKind kind) : kind_(kind) {}

  Result<void> take(std::string_view line) {
    ++line_number_;
    const std::string_view content = trim(line, white_space);
    if (content.empty() || is_comment(content)) return {};
    const std::size_t indent = line.find_first_not_of(white_space);
    if (has_setting_ && indent > setting_indent_) {
      go_on();
      return {};
    }
    return content.front() == '[' ? begin_section(content) : take_setting(content, indent);
  }

  Profiles finish() {
    // What [profile default] says stands above what [default] says, whichever came first.
    for (auto& [name, value] : prefixed_default_) profiles_["default"][name] = std::move(value);
    return std::move(profiles_);
  }

 private:
  Error broken(std::string_view what) const {
    return unusable_credentials(fmt::format("line {} {}", line_number_, what));
  }

  Result<void> begin_section(std::string_view line) {
    const std::size_t end = line.find(']');
    if (end == std::string_view::npos) return broken("begins a section with '[' and has no ']'");
    has_setting_ = false;
    in_section_ = true;
    section_ = profile_of(trim(line.substr(1, end - 1), white_space));
    return {};
  }

  /// Where the settings of that section go; null if it is no profile.
  ProfileSettings* profile_of(std::string_view name) {
    if (kind_ == SharedFileKind::sso_sessions) {
      const std::string session(name_behind(session_prefix, name));
      return session.empty() ? nullptr : &profiles_[session];
    }
    const std::string profile(name_behind(config_prefix, name));
    if (kind_ == SharedFileKind::credentials) {
      return has_prefix(config_prefix, name) || name.empty() ? nullptr : &profiles_[std::string(name)];
    }
    if (name == "default") return &profiles_["default"];
    if (profile.empty()) return nullptr;
    ProfileSettings& settings = profiles_[profile];
    return profile == "default" ? &prefixed_default_ : &settings;
  }

  static bool has_prefix(std::string_view prefix, std::string_view name) {
    return name.starts_with(prefix) && name.size() > prefix.size() &&
           white_space.find(name[prefix.size()]) != std::string_view::npos;
  }

  /// "ops" of "profile ops"; empty without that prefix.
  static std::string_view name_behind(std::string_view prefix, std::string_view name) {
    if (!has_prefix(prefix, name)) return {};
    return unquoted(trim(name.substr(prefix.size()), white_space));
  }

  Result<void> take_setting(std::string_view line, std::size_t indent) {
    if (!in_section_) return broken("stands before the first [section]");
    const std::size_t sign = line.find_first_of("=:");
    if (sign == std::string_view::npos) return broken("is neither a [section] nor a setting: name = value");
    setting_ = lower_case(trim(line.substr(0, sign), white_space));
    if (setting_.empty()) return broken("has no name before its value");
    has_setting_ = true;
    setting_indent_ = indent;
    if (section_ == nullptr) return {};
    // A comment may follow at once: "name = # nothing".
    const std::string_view value = trim(without_comment(line.substr(sign + 1)), white_space);
    (*section_)[setting_] = Secret(std::string(is_comment(value) ? std::string_view() : value));
    return {};
  }

  /// A line that belongs to the last setting: nested settings, or more of its value, which no setting that is
  /// read here has.
  void go_on() {
    if (section_ == nullptr) return;
    Secret& value = (*section_)[setting_];
    if (!value.empty() && !value.reveal().ends_with('\n')) {
      value = Secret(std::string(value.reveal()) + "\n");
    }
  }

  SharedFileKind kind_;
  Profiles profiles_;
  ProfileSettings prefixed_default_;
  std::size_t line_number_ = 0;
  bool in_section_ = false;
  ProfileSettings* section_ = nullptr;
  bool has_setting_ = false;
  std::string setting_;
  std::size_t setting_indent_ = 0;
};

}  // namespace

Result<Profiles> parse_shared_file(std::string_view text, SharedFileKind kind) {
  text = without_byte_order_mark(text);
  Parser parser(kind);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const Result<void> taken = parser.take(text.substr(0, end));
    if (!taken) return taken.error();
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parser.finish();
}

}  // namespace skymarshal::aws
