// The settings about AWS, for whatever of this program talks to it. Where credentials come from is not among
// them: that is said as for all of AWS's own tools, by their variables and files.
// Rows of the settings table (settings.hpp joins them); constants.
#pragma once

#include "settings/setting.hpp"
#include "settings/setting_checks.hpp"

#include <array>

namespace skymarshal::settings {

inline constexpr auto aws_settings = in_group(
    "AWS",
    std::array{
        Setting{.name = "aws_region",
                .type = SettingType::text,
                .help = "The AWS region of the services that this gateway uses, such as `eu-central-1`.",
                .check = check_aws_region,
                .fallback_note = "that of the AWS profile",
                .own_variable = "AWS_REGION"},
    });

}  // namespace skymarshal::settings
