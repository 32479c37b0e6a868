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
                .own_variable = "AWS_REGION",
                .uses = wherever_a_store_is},
        Setting{.name = "store",
                .type = SettingType::text,
                .fallback = "sqlite",
                .help = "Where sessions and invocations are kept: `sqlite`, in the file `database`, or "
                        "`dynamodb`, which many gateways share.",
                .check = check_store,
                .uses = wherever_a_store_is},
        Setting{.name = "session_table_name",
                .type = SettingType::text,
                .fallback = "skymarshal-sessions",
                .help = "DynamoDB table of the sessions.",
                .check = check_table_name,
                .own_variable = "SESSION_TABLE_NAME",
                .uses = wherever_a_store_is},
        Setting{.name = "invocation_table_name",
                .type = SettingType::text,
                .fallback = "skymarshal-invocations",
                .help = "DynamoDB table of the invocations.",
                .check = check_table_name,
                .uses = wherever_a_store_is},
        Setting{.name = "limit_table_name",
                .type = SettingType::text,
                .fallback = "skymarshal-limits",
                .help = "DynamoDB table of the shared rate limits.",
                .check = check_table_name,
                .uses = wherever_a_store_is},
        Setting{.name = "rate_limit_store",
                .type = SettingType::text,
                .help = "Where requests are counted against the rate limits: `local`, by each gateway for "
                        "itself, or `dynamodb`, by all that share `limit_table_name` together.",
                .check = check_rate_limit_store,
                .fallback_note = "`dynamodb` with `store = dynamodb`, else `local`"},
        Setting{.name = "rate_limit_lease_percent",
                .type = SettingType::number,
                .fallback = "10",
                .help = "Of shared rate limits: how much of a limit one gateway may let in before it tells "
                        "the others; more is cheaper and less exact.",
                .min = 1,
                .max = 50,
                .unit = "%"},
        Setting{.name = "dynamodb_endpoint",
                .type = SettingType::text,
                .help = "Where DynamoDB's API is: an `https` URL, or an `http` URL on this machine.",
                .check = check_trusted_endpoint,
                .fallback_note = "AWS's for the region",
                .uses = wherever_a_store_is},
        Setting{.name = "dynamodb_timeout_ms",
                .type = SettingType::milliseconds,
                .fallback = "2500",
                .help = "One request to DynamoDB, with all that are tried again for it.",
                .min = 100,
                .max = 60'000,
                .uses = wherever_a_store_is},
        Setting{.name = "dynamodb_readable_bytes_max",
                .type = SettingType::number,
                .fallback = "65536",
                .help = "Answers of up to this size also stand in DynamoDB as maps, for whoever looks into "
                        "the table; 0 is never, and cheaper.",
                .min = 0,
                .max = 300'000,
                .unit = "bytes",
                .uses = serve_and_cleanup},
        Setting{.name = "lease_ms",
                .type = SettingType::milliseconds,
                .fallback = "20000",
                .help =
                    "Of gateways that share a store: one that has not been heard of for so long, and half "
                    "as long again, is dead, and what it ran is ended by another.",
                .min = 500,
                .max = hour_ms},
        Setting{.name = "agentcore_runtime_arn",
                .type = SettingType::text,
                .help = "The AgentCore Runtime that has the agents, in place of `runtime_url`: "
                        "`arn:aws:bedrock-agentcore:REGION:ACCOUNT:runtime/NAME`.",
                .fallback_note = "no AgentCore",
                .own_variable = "AGENTCORE_RUNTIME_ARN"},
        Setting{.name = "agentcore_qualifier",
                .type = SettingType::text,
                .help = "The endpoint of that runtime, by its name.",
                .check = check_agentcore_qualifier,
                .fallback_note = "DEFAULT"},
        Setting{.name = "agentcore_protocol",
                .type = SettingType::text,
                .fallback = "websocket",
                .help = "What the agent in it speaks: `websocket` (`/ws`) or `http` (`/invocations`).",
                .check = check_agentcore_protocol},
        Setting{
            .name = "agentcore_endpoint",
            .type = SettingType::text,
            .help =
                "Where AgentCore's data plane is reached instead, such as a VPC endpoint: `https://HOST`.",
            .check = check_agentcore_endpoint,
            .fallback_note = "the service's own for the ARN's region"},
        Setting{.name = "agentcore_bearer_token_file",
                .type = SettingType::text,
                .help =
                    "A file with an OAuth token that is sent instead of a signature; it is read for every "
                    "request, so that others can keep it fresh.",
                .fallback_note = "requests are signed with AWS credentials"},
        Setting{.name = "agentcore_user_id",
                .type = SettingType::flag,
                .fallback = "false",
                .help = "Whether AgentCore is told the principal of each invocation, which needs the "
                        "permission `bedrock-agentcore:InvokeAgentRuntimeForUser`."},
        Setting{.name = "aws_use_fips_endpoint",
                .type = SettingType::flag,
                .fallback = "false",
                .help = "Whether AWS is reached at its FIPS endpoints.",
                .own_variable = "AWS_USE_FIPS_ENDPOINT",
                .uses = wherever_a_store_is},
    });

}  // namespace skymarshal::settings
