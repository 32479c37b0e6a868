// The settings about what is invoked: the runtime, its agents, and invocations.
// Rows of the settings table (settings.hpp joins them); constants.
#pragma once

#include "settings/setting.hpp"
#include "settings/setting_checks.hpp"

#include <array>

namespace skymarshal::settings {

inline constexpr auto runtime_settings = in_group(
    "The agent runtime",
    std::array{
        Setting{.name = "runtime_url",
                .type = SettingType::text,
                .help = "Where the agents are: `ws://HOST:PORT/ws` or `wss://…`, or "
                        "`http://HOST:PORT/invocations` or "
                        "`https://…` for AgentCore's HTTP contract.",
                .check = check_runtime_url,
                .fallback_note = "the embedded runtime"},
        Setting{.name = "runtime_ca_file",
                .type = SettingType::text,
                .help = "Authorities (PEM file) that a `wss` runtime's certificate must come from.",
                .fallback_note = "those of the system"},
        Setting{.name = "connect_timeout_ms",
                .type = SettingType::milliseconds,
                .fallback = "10000",
                .help = "Resolving, connecting, TLS and WebSocket handshake of one attempt, together.",
                .min = 1,
                .max = hour_ms},
        Setting{.name = "first_message_timeout_ms",
                .type = SettingType::milliseconds,
                .fallback = "120000",
                .help = "From sending the prompt to the runtime's first message.",
                .min = 1,
                .max = hour_ms},
        Setting{.name = "silence_timeout_ms",
                .type = SettingType::milliseconds,
                .fallback = "120000",
                .help = "Between two messages of the runtime.",
                .min = 1,
                .max = hour_ms},
        Setting{.name = "total_timeout_ms",
                .type = SettingType::milliseconds,
                .fallback = "300000",
                .help = "One invocation's whole time with the runtime, retries included.",
                .min = 1,
                .max = day_ms},
        Setting{.name = "close_timeout_ms",
                .type = SettingType::milliseconds,
                .fallback = "1000",
                .help =
                    "The closing handshake, once the answer is there; as long is waited for the data of an "
                    "answer that ends without.",
                .min = 1,
                .max = hour_ms},
        Setting{.name = "ping_interval_ms",
                .type = SettingType::milliseconds,
                .fallback = "20000",
                .help = "Between two pings, which keep the path open; only silence ends a run, whether they "
                        "are answered or not.",
                .min = 10,
                .max = hour_ms},
        Setting{
            .name = "retry_delays_ms",
            .type = SettingType::milliseconds_list,
            .fallback = "1000,2000",
            .help = "Waits before each new attempt while the runtime cannot have started; empty for none.",
            .min = 0,
            .max = hour_ms},
        Setting{.name = "message_bytes_max",
                .type = SettingType::number,
                .fallback = "16777216",
                .help = "Largest message accepted from the runtime.",
                .min = 1'024,
                .max = gib,
                .unit = "bytes"},
        Setting{.name = "fragment_bytes_max",
                .type = SettingType::number,
                .fallback = "8192",
                .help = "Messages to the runtime are cut into frames of at most this size.",
                .min = 128,
                .max = 1'048'576,
                .unit = "bytes"},
        Setting{.name = "agent_chunk_delay_ms",
                .type = SettingType::milliseconds,
                .fallback = "0",
                .help = "Pause of the embedded runtime between two messages, so that a person can watch.",
                .min = 0,
                .max = 60'000,
                .uses = serve_and_runtime},
        Setting{.name = "ops_database",
                .type = SettingType::text,
                .help = "What the embedded runtime knows of the airline's day: a file that `skymarshal ops "
                        "import` made, or `sample` for the built-in sample day.",
                .fallback_note = "the prompts alone",
                .dev_fallback = "sample",
                .uses = serve_and_runtime | used_by_ops},
        Setting{.name = "option_weights",
                .type = SettingType::texts,
                .fallback = "safety=40,cost=20,passenger=25,network=15",
                .help = "What each score counts in the ranking of recovery options, in parts of a hundred.",
                .check = check_option_weights,
                .uses = serve_and_runtime},
        Setting{.name = "llm_url",
                .type = SettingType::text,
                .help = "Chat completions API of a language model that words the embedded agents' reasoning, "
                        "never their verdicts or numbers: `http://HOST:PORT/v1`.",
                .check = check_llm_url,
                .fallback_note = "the rules' own words",
                .uses = serve_and_runtime},
        Setting{.name = "llm_model",
                .type = SettingType::text,
                .help = "The language model, as its server names it.",
                .fallback_note = "the one the server has",
                .uses = serve_and_runtime},
        Setting{.name = "llm_api_key",
                .type = SettingType::secret,
                .help = "Key for the language model's server. Never shown; give it by variable or file, as "
                        "others on the machine see flags.",
                .check = check_llm_api_key,
                .fallback_note = "none is sent",
                .uses = serve_and_runtime},
        Setting{.name = "llm_timeout_ms",
                .type = SettingType::milliseconds,
                .fallback = "10000",
                .help = "How long each of the two phases waits for the language model at most.",
                .min = 1,
                .max = hour_ms,
                .uses = serve_and_runtime},
    });

// What stands between a caller and this server, by the limits that its own documentation gives.
//   apigw-regional, apigw-edge: Amazon API Gateway quotas: a REST API's integration answers within 29 s; a
//     response stream may be silent for 5 min, or 30 s behind an edge-optimised endpoint.
//   function-url: AWS Lambda quotas: a function runs 15 min at most.
//   alb: Application Load Balancer attributes: idle_timeout.timeout_seconds is 60.
//   cloudfront: Amazon CloudFront distribution settings: response timeout 30 s, also between two packets.
//   nginx: ngx_http_proxy_module: proxy_read_timeout is 60 s between two reads.
// Whole answers are given up some seconds before, so that the 202 still gets through.
inline constexpr std::array buffered_wait_by_edge = {
    EdgeFallback{"apigw-regional", "25000"}, EdgeFallback{"apigw-edge", "25000"},
    EdgeFallback{"function-url", "870000"},  EdgeFallback{"alb", "50000"},
    EdgeFallback{"cloudfront", "25000"},     EdgeFallback{"nginx", "50000"},
};
inline constexpr std::array keep_alive_by_edge = {
    EdgeFallback{"apigw-edge", "10000"},
    EdgeFallback{"cloudfront", "10000"},
};

inline constexpr auto invocation_settings = in_group(
    "Invocations",
    std::array{
        Setting{.name = "max_concurrent_invocations",
                .type = SettingType::number,
                .fallback = "100",
                .help = "Invocations that run at once.",
                .min = 1,
                .max = 100'000},
        Setting{.name = "max_queued_invocations",
                .type = SettingType::number,
                .fallback = "400",
                .help = "Invocations that may wait for a running one to end; the next is refused with 503.",
                .min = 0,
                .max = 100'000},
        Setting{.name = "session_concurrency",
                .type = SettingType::text,
                .fallback = "queue",
                .help = "A turn of a session that is busy waits (`queue`) or is refused with 409 (`reject`).",
                .check = check_concurrency},
        Setting{.name = "max_queued_per_session",
                .type = SettingType::number,
                .fallback = "16",
                .help = "Turns of one session that may wait.",
                .min = 0,
                .max = 10'000},
        Setting{.name = "disconnect_grace_ms",
                .type = SettingType::milliseconds,
                .fallback = "30000",
                .help = "How long an invocation goes on when its client has left.",
                .min = 0,
                .max = day_ms},
        Setting{

            .name = "journal_bytes_max",
            .type = SettingType::number,
            .fallback = "67108864",
            .help = "What one invocation's messages may hold in memory; a runtime that says more is cut off.",
            .min = 65'536,
            .max = 4 * gib,
            .unit = "bytes"},
        Setting{.name = "keep_alive_ms",
                .type = SettingType::milliseconds,
                .fallback = "15000",
                .help = "Silence on a stream before a keep-alive comment is sent.",
                .min = 10,
                .max = hour_ms,
                .edge_fallbacks = keep_alive_by_edge},
        Setting{.name = "buffered_wait_ms",
                .type = SettingType::milliseconds,
                .fallback = "0",
                .help =
                    "How long a whole answer is waited for before the caller gets a 202 and the invocation "
                    "goes on; 0 is as long as it takes.",
                .min = 0,
                .max = day_ms,
                .edge_fallbacks = buffered_wait_by_edge},
        Setting{.name = "edge",
                .type = SettingType::text,
                .fallback = "direct",
                .help =
                    "What stands between callers and this server, so that its limits are kept to: `direct`, "
                    "`apigw-regional`, `apigw-edge`, `function-url`, `alb`, `cloudfront` or `nginx`.",
                .check = check_edge},
        Setting{.name = "keep_streams",
                .type = SettingType::flag,
                .fallback = "true",
                .help =
                    "Whether what is streamed is kept in the database as it comes, so that it can be resumed "
                    "after a restart."},
    });

}  // namespace skymarshal::settings
