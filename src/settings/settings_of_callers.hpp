// The settings about who may call, and how much. Rows of the table.
#pragma once

#include "settings/setting_checks.hpp"
#include "settings/setting_units.hpp"
#include "settings/settings.hpp"

#include <vector>

namespace skymarshal::settings {

inline std::vector<Setting> caller_settings() {
  constexpr std::string_view group = "Who may call";
  return {
      Setting{.group = group,
              .name = "listen",
              .field = &Settings::listen,
              .fallback = "127.0.0.1:8080",
              .help =
                  "Address and port to listen on; an IPv6 address stands in brackets, port 0 takes a free "
                  "one.",
              .check = check_listen,
              .uses = serve_and_runtime},
      Setting{.group = group,
              .name = "auth",
              .field = &Settings::auth,
              .fallback = "iam",
              .help = "How callers prove who they are: `iam` (AWS Signature Version 4 with keys of `keys`), "
                      "`jwt` (bearer tokens), `sts` (AWS identities that STS vouches for), or `none`, which "
                      "lets everybody in and must be asked for.",
              .check = check_auth,
              .dev_fallback = "none"},
      Setting{.group = group,
              .name = "keys",
              .field = &Settings::keys,
              .fallback = "",
              .help = "File of the access keys, made by `skymarshal keys add`; read again when it changes. "
                      "With `auth = iam`.",
              .fallback_note = "none; `auth = iam` needs it"},
      Setting{.group = group,
              .name = "auth_region",
              .field = &Settings::auth_region,
              .fallback = "",
              .help = "AWS region that signatures must be made for. With `auth = iam`.",
              .fallback_note = "any"},
      Setting{.group = group,
              .name = "jwks",
              .field = &Settings::jwks,
              .fallback = "",
              .help = "Public keys of the token issuer: a JWKS file, or its URL "
                      "(`https://…/.well-known/jwks.json`). With "
                      "`auth = jwt`.",
              .check = check_jwks,
              .fallback_note = "none; `auth = jwt` needs it"},
      Setting{.group = group,
              .name = "jwks_ca_file",
              .field = &Settings::jwks_ca_file,
              .fallback = "",
              .help = "Authorities (PEM file) that the certificate of the `jwks` server must come from.",
              .fallback_note = "those of the system"},
      Setting{.group = group,
              .name = "jwt_issuer",
              .field = &Settings::jwt_issuer,
              .fallback = "",
              .help = "The issuer (`iss`) that tokens must name. With `auth = jwt`.",
              .fallback_note = "none; `auth = jwt` needs it"},
      Setting{.group = group,
              .name = "jwt_audiences",
              .field = &Settings::jwt_audiences,
              .fallback = "",
              .help = "Audiences of which a token must name one in `aud` (an Amazon Cognito access token in "
                      "`client_id`). "
                      "With `auth = jwt`.",
              .fallback_note = "none; `auth = jwt` needs it"},
      Setting{.group = group,
              .name = "jwt_subject_claim",
              .field = &Settings::jwt_subject_claim,
              .fallback = "sub",
              .help = "Claim that names the caller.",
              .check = check_claim},
      Setting{.group = group,
              .name = "jwt_tier_claim",
              .field = &Settings::jwt_tier_claim,
              .fallback = "tier",
              .help = "Claim that names the caller's tier of `rate_limit_tiers`.",
              .check = check_claim},
      Setting{.group = group,
              .name = "jwt_scope",
              .field = &Settings::jwt_scope,
              .fallback = "",
              .help = "Scope that a token must have.",
              .fallback_note = "none is needed"},
      Setting{.group = group,
              .name = "sts_server_id",
              .field = &Settings::sts_server_id,
              .fallback = "",
              .help = "Name of this gateway that callers must sign into their STS request, so that one for "
                      "another gateway "
                      "is worth nothing here. With `auth = sts`.",
              .check = check_server_id,
              .fallback_note = "none; `auth = sts` needs it"},
      Setting{.group = group,
              .name = "sts_allowed_principals",
              .field = &Settings::sts_allowed_principals,
              .fallback = "",
              .help = "Patterns (`*`, `?`) of the ARNs that may call, as every AWS account in the world can "
                      "prove who it is: "
                      "`arn:aws:sts::123456789012:assumed-role/Operations/*`. With `auth = sts`.",
              .check = check_arn_patterns,
              .fallback_note = "none; `auth = sts` needs it"},
      Setting{
          .group = group,
          .name = "sts_endpoint",
          .field = &Settings::sts_endpoint,
          .fallback = "",
          .help =
              "Where STS is asked instead of the endpoint that the caller signed for: a private endpoint.",
          .check = check_sts_endpoint,
          .fallback_note = "the one signed for"},
      Setting{.group = group,
              .name = "allow_open_network",
              .field = &Settings::allow_open_network,
              .fallback = "false",
              .help = "Serve with `auth = none` even where other machines can reach the address."},
      Setting{.group = group,
              .name = "allowed_origins",
              .field = &Settings::allowed_origins,
              .fallback = "",
              .help = "Origins whose web pages may call (CORS), or `*` for all.",
              .check = check_origins,
              .fallback_note = "the origin that the request was sent to",
              .dev_fallback = "*"},
      Setting{.group = group,
              .name = "tls_cert",
              .field = &Settings::tls_cert,
              .fallback = "",
              .help = "Certificate chain (PEM file) to serve HTTPS with, together with `tls_key`.",
              .fallback_note = "plain HTTP"},
      Setting{.group = group,
              .name = "tls_key",
              .field = &Settings::tls_key,
              .fallback = "",
              .help = "Private key (PEM file) of the certificate.",
              .fallback_note = "plain HTTP"},
  };  // namespace skymarshal::app
}

inline std::vector<Setting> limit_settings() {
  constexpr std::string_view group = "How much";
  return {
      Setting{.group = group,
              .name = "rate_limit",
              .field = &Settings::rate_limit,
              .fallback = "100",
              .help = "Requests of one principal in any `rate_limit_window_ms`; 0 for no limit.",
              .min = 0,
              .max = 1'000'000,
              .open_fallback = "0"},
      Setting{.group = group,
              .name = "rate_limit_window_ms",
              .field = &Settings::rate_limit_window,
              .fallback = "60000",
              .help = "The sliding window of `rate_limit` and of the tiers.",
              .min = 100,
              .max = hour_ms,
              .unit = "ms"},
      Setting{.group = group,
              .name = "rate_limit_tiers",
              .field = &Settings::rate_limit_tiers,
              .fallback = "",
              .help = "Other limits for principals of a tier: `gold=1000,trial=10`.",
              .check = check_rate_limit_tiers,
              .fallback_note = "no tiers"},
      Setting{.group = group,
              .name = "account_rate_limit",
              .field = &Settings::account_rate_limit,
              .fallback = "100",
              .help = "Requests of all principals together in any second; 0 for no limit.",
              .min = 0,
              .max = 1'000'000,
              .open_fallback = "0"},
      Setting{.group = group,
              .name = "auth_failures_max",
              .field = &Settings::auth_failures_max,
              .fallback = "60",
              .help = "Failed authentications of one address (an IPv6 /64) in any minute before it must "
                      "wait; 0 for no limit.",
              .min = 0,
              .max = 1'000'000},
  };
}

}  // namespace skymarshal::settings
