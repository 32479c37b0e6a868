#include "settings/settings_text.hpp"

#include "settings/settings_file.hpp"

#include <fstream>
#include <iterator>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::settings::settings_text_test {

TEST(SettingsText, DocumentationIsUpToDate) {
  std::ifstream file(SKYMARSHAL_SOURCE_DIR "/docs/configuration.md", std::ios::binary);
  const std::string committed{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  EXPECT_EQ(committed, settings_markdown())
      << "run: build/release/skymarshal config --markdown > docs/configuration.md";
}

TEST(SettingsText, DocumentationNamesEverySetting) {
  const std::string markdown = settings_markdown();
  for (const Setting& setting : settings_table) {
    EXPECT_NE(markdown.find("| `" + std::string(setting.name) + "` | `" + flag_of(setting) + "` | `" +
                            variable_of(setting) + "` |"),
              std::string::npos);
  }
}

TEST(SettingsText, EffectiveSettingsSayWhereTheyComeFrom) {
  SettingSources sources;
  sources.environment = {{"SKYMARSHAL_THREADS", "3"}};
  const std::string text = effective_settings_text(load_settings(sources).value());
  EXPECT_NE(text.find("\nthreads = 3 "), std::string::npos);
  EXPECT_NE(text.find("# SKYMARSHAL_THREADS\n"), std::string::npos);
  EXPECT_NE(text.find("\nlisten = \"127.0.0.1:8080\" "), std::string::npos);
}

RC_GTEST_PROP(SettingsTextProperty, WhatIsPrintedReadsBackTheSame, ()) {
  SettingSources sources;
  const auto file_name = *rc::gen::nonEmpty(rc::gen::container<std::string>(
      rc::gen::oneOf(rc::gen::inRange<char>(0x20, 0x7F), rc::gen::element('"', '\\', '\t'))));
  sources.flags = {{"tls_cert", file_name},
                   {"allowed_origins", "http://a,https://b:1"},
                   {"retry_delays_ms", "1,2,3"},
                   {"allow_open_network", "true"}};
  const LoadedSettings first = load_settings(sources).value();
  SettingSources again;
  again.file = parse_settings_file(effective_settings_text(first), "printed").value();
  const LoadedSettings second = load_settings(again).value();
  for (std::size_t i = 0; i < first.effective.size(); ++i) {
    RC_ASSERT(first.effective[i].text == second.effective[i].text);
  }
}

}  // namespace skymarshal::settings::settings_text_test
