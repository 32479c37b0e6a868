// The settings about who may call, and how much.
// Rows of the settings table (settings.hpp joins them); constants.
#pragma once

#include "settings/setting.hpp"
#include "settings/setting_checks.hpp"

#include <array>

namespace skymarshal::settings {

inline constexpr auto caller_settings = in_group(
    "Who may call",
    std::array{
        Setting{
            .name = "listen",
            .type = SettingType::text,
            .fallback = "127.0.0.1:8080",
            .help =
                "Address and port to listen on; an IPv6 address stands in brackets, port 0 takes a free one.",
            .check = check_listen,
            .uses = serve_and_runtime},
        Setting{.name = "auth",
                .type = SettingType::text,
                .fallback = "iam",
                .help = "How callers prove who they are: `iam` (AWS Signature Version 4 with keys of "
                        "`keys`), `jwt` (bearer tokens), `sts` (AWS identities that STS vouches for), or "
                        "`none`, which lets everybody in and must be asked for.",
                .check = check_auth,
                .dev_fallback = "none"},
        Setting{.name = "keys",
                .type = SettingType::text,
                .help = "File of the access keys, made by `skymarshal keys add`; read again when it changes. "
                        "With `auth = iam`.",
                .fallback_note = "none; `auth = iam` needs it"},
        Setting{.name = "auth_region",
                .type = SettingType::text,
                .help = "AWS region that signatures must be made for. With `auth = iam`.",
                .fallback_note = "any"},
        Setting{.name = "jwks",
                .type = SettingType::text,
                .help = "Public keys of the token issuer: a JWKS file, or its URL "
                        "(`https://…/.well-known/jwks.json`). With `auth = jwt`.",
                .check = check_jwks,
                .fallback_note = "none; `auth = jwt` needs it"},
        Setting{.name = "jwks_ca_file",
                .type = SettingType::text,
                .help = "Authorities (PEM file) that the certificate of the `jwks` server must come from.",
                .fallback_note = "those of the system"},
        Setting{.name = "jwt_issuer",
                .type = SettingType::text,
                .help = "The issuer (`iss`) that tokens must name. With `auth = jwt`.",
                .fallback_note = "none; `auth = jwt` needs it"},
        Setting{.name = "jwt_audiences",
                .type = SettingType::texts,
                .help = "Audiences of which a token must name one in `aud` (an Amazon Cognito access token "
                        "in `client_id`). With `auth = jwt`.",
                .fallback_note = "none; `auth = jwt` needs it"},
        Setting{.name = "jwt_subject_claim",
                .type = SettingType::text,
                .fallback = "sub",
                .help = "Claim that names the caller.",
                .check = check_claim},
        Setting{.name = "jwt_tier_claim",
                .type = SettingType::text,
                .fallback = "tier",
                .help = "Claim that names the caller's tier of `rate_limit_tiers`.",
                .check = check_claim},
        Setting{.name = "jwt_scope",
                .type = SettingType::text,
                .help = "Scope that a token must have.",
                .fallback_note = "none is needed"},
        Setting{.name = "sts_server_id",
                .type = SettingType::text,
                .help = "Name of this gateway that callers must sign into their STS request, so that one for "
                        "another gateway is worth nothing here. With `auth = sts`.",
                .check = check_server_id,
                .fallback_note = "none; `auth = sts` needs it"},
        Setting{
            .name = "sts_allowed_principals",
            .type = SettingType::texts,
            .help =
                "Patterns (`*`, `?`) of the ARNs that may call, as every AWS account in the world can prove "
                "who it is: `arn:aws:sts::123456789012:assumed-role/Operations/*`. With `auth = sts`.",
            .check = check_arn_patterns,
            .fallback_note = "none; `auth = sts` needs it"},
        Setting{

            .name = "sts_endpoint",
            .type = SettingType::text,
            .help =
                "Where STS is asked instead of the endpoint that the caller signed for: a private endpoint.",
            .check = check_trusted_endpoint,
            .fallback_note = "the one signed for"},
        Setting{.name = "allow_open_network",
                .type = SettingType::flag,
                .fallback = "false",
                .help = "Serve with `auth = none` even where other machines can reach the address."},
        Setting{.name = "allowed_origins",
                .type = SettingType::texts,
                .help = "Origins whose web pages may call (CORS), or `*` for all.",
                .check = check_origins,
                .fallback_note = "the origin that the request was sent to",
                .dev_fallback = "*"},
        Setting{.name = "tls_cert",
                .type = SettingType::text,
                .help = "Certificate chain (PEM file) to serve HTTPS with, together with `tls_key`.",
                .fallback_note = "plain HTTP"},
        Setting{.name = "tls_key",
                .type = SettingType::text,
                .help = "Private key (PEM file) of the certificate.",
                .fallback_note = "plain HTTP"},
    });

inline constexpr auto limit_settings =
    in_group("How much",
             std::array{
                 Setting{.name = "rate_limit",
                         .type = SettingType::number,
                         .fallback = "100",
                         .help = "Requests of one principal in any `rate_limit_window_ms`; 0 for no limit.",
                         .min = 0,
                         .max = 1'000'000,
                         .open_fallback = "0",
                         .reloadable = true},
                 Setting{.name = "rate_limit_window_ms",
                         .type = SettingType::milliseconds,
                         .fallback = "60000",
                         .help = "The sliding window of `rate_limit` and of the tiers.",
                         .min = 100,
                         .max = hour_ms,
                         .reloadable = true},
                 Setting{.name = "rate_limit_tiers",
                         .type = SettingType::texts,
                         .help = "Other limits for principals of a tier: `gold=1000,trial=10`.",
                         .check = check_rate_limit_tiers,
                         .fallback_note = "no tiers",
                         .reloadable = true},
                 Setting{.name = "account_rate_limit",
                         .type = SettingType::number,
                         .fallback = "100",
                         .help = "Requests of all principals together in any second; 0 for no limit.",
                         .min = 0,
                         .max = 1'000'000,
                         .open_fallback = "0",
                         .reloadable = true},
                 Setting{.name = "auth_failures_max",
                         .type = SettingType::number,
                         .fallback = "60",
                         .help = "Failed authentications of one address (an IPv6 /64) in any minute before "
                                 "it must wait; 0 for no limit.",
                         .min = 0,
                         .max = 1'000'000},
             });

}  // namespace skymarshal::settings
