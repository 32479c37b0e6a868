// The settings of the language model from their sources to the runtime's options; above all, where the key
// does not appear.
#include "app/embedded_runtime.hpp"
#include "settings/setting_checks.hpp"
#include "settings/settings.hpp"
#include "settings/settings_file.hpp"
#include "settings/settings_text.hpp"

#include <optional>
#include <utility>

#include <gtest/gtest.h>

namespace skymarshal::app::language_model_settings_test {

constexpr std::string_view key = "sk-very-private-123";

settings::SettingSources with(std::map<std::string, std::string> environment) {
  settings::SettingSources sources;
  sources.environment = std::move(environment);
  return sources;
}

Result<std::optional<agents::wording::LanguageModel::Options>> language_model_options(
    const settings::Settings& settings, RandomSource& random) {
  auto options = agent_options(settings, random);
  if (!options) return options.error();
  return std::move(options->language_model);
}

TEST(LanguageModelSettings, WithoutAUrlThereIsNone) {
  SystemRandom random;
  const auto options = language_model_options(settings::load_settings({}).value().values, random);
  ASSERT_TRUE(options.has_value());
  EXPECT_FALSE(options->has_value());
}

TEST(LanguageModelSettings, ArriveInTheOptions) {
  SystemRandom random;
  const auto loaded = settings::load_settings(with({{"SKYMARSHAL_LLM_URL", "http://127.0.0.1:8081/v1"},
                                                    {"SKYMARSHAL_LLM_MODEL", "small"},
                                                    {"SKYMARSHAL_LLM_API_KEY", std::string(key)},
                                                    {"SKYMARSHAL_LLM_TIMEOUT_MS", "1500"}}));
  const auto made = language_model_options(loaded.value().values, random);
  const agents::wording::LanguageModel::Options& options = made.value().value();
  EXPECT_EQ(options.endpoint.port, 8081);
  EXPECT_EQ(options.endpoint.target, "/v1/chat/completions");
  EXPECT_EQ(options.model, "small");
  EXPECT_EQ(options.api_key.reveal(), key);
  EXPECT_EQ(options.deadline, Milliseconds(1500));
  EXPECT_FALSE(options.tls.has_value());
}

TEST(LanguageModelSettings, HttpsBringsTls) {
  SystemRandom random;
  const auto loaded = settings::load_settings(with({{"SKYMARSHAL_LLM_URL", "https://llm.example/v1"}}));
  EXPECT_TRUE(language_model_options(loaded.value().values, random).value().value().tls.has_value());
}

TEST(LanguageModelSettings, TheKeyIsNeverShown) {
  const settings::LoadedSettings loaded =
      settings::load_settings(with({{"SKYMARSHAL_LLM_API_KEY", std::string(key)}})).value();
  EXPECT_EQ(loaded.values.get<"llm_api_key">().reveal(), key);
  const std::string text = settings::effective_settings_text(loaded);
  EXPECT_EQ(text.find(key), std::string::npos);
  EXPECT_NE(text.find("\n# llm_api_key = \"(set, not shown)\""), std::string::npos);
  EXPECT_NE(text.find("# SKYMARSHAL_LLM_API_KEY\n"), std::string::npos) << "but where it came from is";
  for (const settings::EffectiveSetting& entry : loaded.effective)
    EXPECT_EQ(entry.text.find(key), std::string::npos);
}

TEST(LanguageModelSettings, ThePrintedFileDoesNotSetAKey) {
  settings::SettingSources again;
  const auto loaded = settings::load_settings(with({{"SKYMARSHAL_LLM_API_KEY", std::string(key)}}));
  again.file =
      settings::parse_settings_file(settings::effective_settings_text(loaded.value()), "printed").value();
  EXPECT_TRUE(settings::load_settings(again).value().values.get<"llm_api_key">().empty());
}

TEST(LanguageModelSettings, AWrongKeyIsNotRepeated) {
  const auto loaded =
      settings::load_settings(with({{"SKYMARSHAL_LLM_API_KEY", std::string(key) + "\r\nX-Evil: 1"}}));
  ASSERT_FALSE(loaded.has_value());
  EXPECT_EQ(loaded.error().message.find(key), std::string::npos);
  EXPECT_NE(loaded.error().message.find("llm_api_key: '(set, not shown)', from SKYMARSHAL_LLM_API_KEY"),
            std::string::npos);
}

TEST(LanguageModelSettings, KeysAreFitForAHeader) {
  EXPECT_TRUE(settings::check_llm_api_key("").has_value());
  EXPECT_TRUE(settings::check_llm_api_key("sk-aZ09._~+/=").has_value());
  for (const std::string_view wrong : {"a b", "a\n", "\t", "k\u00E9y", "a\x7F"}) {
    EXPECT_FALSE(settings::check_llm_api_key(wrong).has_value()) << wrong;
  }
}

TEST(LanguageModelSettings, UrlsAreHttp) {
  for (const std::string_view right : {"", "http://127.0.0.1:8081/v1", "https://llm.example"}) {
    EXPECT_TRUE(settings::check_llm_url(right).has_value()) << right;
  }
  for (const std::string_view wrong :
       {"llm", "llm.example", "ws://llm.example", "ftp://llm/v1", "http://user:key@llm.example"}) {
    EXPECT_FALSE(settings::check_llm_url(wrong).has_value()) << wrong;
  }
}

}  // namespace skymarshal::app::language_model_settings_test
