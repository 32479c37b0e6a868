#include "app/settings.hpp"
#include "base/log.hpp"
#include "http/url.hpp"

#include <algorithm>
#include <array>

namespace skymarshal::app {
namespace {

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::int64_t gib = 1'073'741'824;
constexpr unsigned serve_and_runtime = used_by_serve | used_by_runtime;
constexpr unsigned serve_and_cleanup = used_by_serve | used_by_cleanup;

Result<void> not_allowed(std::string message) {
  return make_error(Errc::invalid_request, std::move(message));
}

Result<void> check_listen(std::string_view text) {
  const auto address = http::parse_host_port(text);
  return address ? Result<void>() : not_allowed(address.error().message);
}

Result<void> check_auth(std::string_view text) {
  if (text.empty() || text == "none") return {};
  return not_allowed(
      "this version can only let everybody in: write none, for a server that nobody but its own machine "
      "reaches");
}

Result<void> check_runtime_url(std::string_view text) {
  if (text.empty()) return {};
  const auto endpoint = http::parse_endpoint(text);
  if (!endpoint) return not_allowed(endpoint.error().message);
  if (endpoint->scheme == "ws" || endpoint->scheme == "wss") return {};
  return not_allowed(
      "this version speaks to runtimes by WebSocket only: write ws://HOST:PORT/ws or wss://HOST/ws, or "
      "nothing for the embedded runtime");
}

/// An origin as browsers send it (RFC 6454 section 6.2), or "*".
bool is_origin(std::string_view text) {
  const std::size_t scheme_end = text.find("://");
  if (text == "*") return true;
  if (scheme_end == std::string_view::npos || scheme_end == 0) return false;
  const std::string_view host = text.substr(scheme_end + 3);
  return !host.empty() && host.find_first_of("/?#@ ") == std::string_view::npos;
}

Result<void> check_origins(std::string_view text) {
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t comma = std::min(text.find(',', from), text.size());
    std::string_view origin = text.substr(from, comma - from);
    while (origin.starts_with(' ')) origin.remove_prefix(1);
    while (origin.ends_with(' ')) origin.remove_suffix(1);
    if (!is_origin(origin)) {
      return not_allowed(
          "write origins as scheme://host[:port], without a path, and commas between them; or *");
    }
    from = comma + 1;
  }
  return {};
}

Result<void> check_concurrency(std::string_view text) {
  if (text == "queue" || text == "reject") return {};
  return not_allowed("write queue or reject");
}

Result<void> check_not_empty(std::string_view text) {
  return text.empty() ? not_allowed("write the name of a file") : Result<void>();
}

Result<void> check_log_level(std::string_view text) {
  if (parse_log_level(text)) return {};
  return not_allowed("write DEBUG, INFO, WARNING, ERROR or OFF");
}

constexpr std::string_view callers = "Who may call";
constexpr std::string_view runtime = "The agent runtime";
constexpr std::string_view invocations = "Invocations";
constexpr std::string_view storage = "Storage";
constexpr std::string_view server = "The HTTP server";
constexpr std::string_view operation = "Operation";

const std::array table = {
    Setting{.group = callers,
            .name = "listen",
            .field = &Settings::listen,
            .fallback = "127.0.0.1:8080",
            .help = "Address and port to listen on; an IPv6 address stands in brackets, port 0 takes a free "
                    "one.",
            .check = check_listen,
            .uses = serve_and_runtime},
    Setting{.group = callers,
            .name = "auth",
            .field = &Settings::auth,
            .fallback = "",
            .help = "How callers prove who they are; `none` lets everybody in and must be asked for.",
            .check = check_auth,
            .fallback_note = "must be given",
            .dev_fallback = "none"},
    Setting{.group = callers,
            .name = "allow_open_network",
            .field = &Settings::allow_open_network,
            .fallback = "false",
            .help = "Serve with `auth = none` even where other machines can reach the address."},
    Setting{.group = callers,
            .name = "allowed_origins",
            .field = &Settings::allowed_origins,
            .fallback = "",
            .help = "Origins whose web pages may call (CORS), or `*` for all.",
            .check = check_origins,
            .fallback_note = "the server's own origin",
            .dev_fallback = "*"},
    Setting{.group = callers,
            .name = "tls_cert",
            .field = &Settings::tls_cert,
            .fallback = "",
            .help = "Certificate chain (PEM file) to serve HTTPS with, together with `tls_key`.",
            .fallback_note = "plain HTTP"},
    Setting{.group = callers,
            .name = "tls_key",
            .field = &Settings::tls_key,
            .fallback = "",
            .help = "Private key (PEM file) of the certificate.",
            .fallback_note = "plain HTTP"},

    Setting{.group = runtime,
            .name = "runtime_url",
            .field = &Settings::runtime_url,
            .fallback = "",
            .help = "Where the agents are: `ws://HOST:PORT/ws` or `wss://…`.",
            .check = check_runtime_url,
            .fallback_note = "the embedded runtime"},
    Setting{.group = runtime,
            .name = "runtime_ca_file",
            .field = &Settings::runtime_ca_file,
            .fallback = "",
            .help = "Authorities (PEM file) that a `wss` runtime's certificate must come from.",
            .fallback_note = "those of the system"},
    Setting{.group = runtime,
            .name = "connect_timeout_ms",
            .field = &Settings::connect_timeout,
            .fallback = "10000",
            .help = "Resolving, connecting, TLS and WebSocket handshake of one attempt, together.",
            .min = 1,
            .max = hour_ms,
            .unit = "ms"},
    Setting{.group = runtime,
            .name = "first_message_timeout_ms",
            .field = &Settings::first_message_timeout,
            .fallback = "120000",
            .help = "From sending the prompt to the runtime's first message.",
            .min = 1,
            .max = hour_ms,
            .unit = "ms"},
    Setting{.group = runtime,
            .name = "silence_timeout_ms",
            .field = &Settings::silence_timeout,
            .fallback = "120000",
            .help = "Between two messages of the runtime.",
            .min = 1,
            .max = hour_ms,
            .unit = "ms"},
    Setting{.group = runtime,
            .name = "total_timeout_ms",
            .field = &Settings::total_timeout,
            .fallback = "300000",
            .help = "One invocation's whole time with the runtime, retries included.",
            .min = 1,
            .max = day_ms,
            .unit = "ms"},
    Setting{.group = runtime,
            .name = "close_timeout_ms",
            .field = &Settings::close_timeout,
            .fallback = "1000",
            .help = "The closing handshake, once the answer is there.",
            .min = 1,
            .max = hour_ms,
            .unit = "ms"},
    Setting{.group = runtime,
            .name = "ping_interval_ms",
            .field = &Settings::ping_interval,
            .fallback = "20000",
            .help = "Between two pings; a runtime that leaves two unanswered is given up.",
            .min = 10,
            .max = hour_ms,
            .unit = "ms"},
    Setting{.group = runtime,
            .name = "retry_delays_ms",
            .field = &Settings::retry_delays,
            .fallback = "1000,2000",
            .help = "Waits before each new attempt while the runtime cannot have started; empty for none.",
            .min = 0,
            .max = hour_ms,
            .unit = "ms"},
    Setting{.group = runtime,
            .name = "message_bytes_max",
            .field = &Settings::message_bytes_max,
            .fallback = "16777216",
            .help = "Largest message accepted from the runtime.",
            .min = 1'024,
            .max = gib,
            .unit = "bytes"},
    Setting{.group = runtime,
            .name = "fragment_bytes_max",
            .field = &Settings::fragment_bytes_max,
            .fallback = "8192",
            .help = "Messages to the runtime are cut into frames of at most this size.",
            .min = 128,
            .max = 1'048'576,
            .unit = "bytes"},
    Setting{.group = runtime,
            .name = "agent_chunk_delay_ms",
            .field = &Settings::agent_chunk_delay,
            .fallback = "0",
            .help = "Pause of the embedded runtime between two messages, so that a person can watch.",
            .min = 0,
            .max = 60'000,
            .unit = "ms",
            .uses = serve_and_runtime},

    Setting{.group = invocations,
            .name = "max_concurrent_invocations",
            .field = &Settings::max_concurrent_invocations,
            .fallback = "100",
            .help = "Invocations that run at once.",
            .min = 1,
            .max = 100'000},
    Setting{.group = invocations,
            .name = "max_queued_invocations",
            .field = &Settings::max_queued_invocations,
            .fallback = "400",
            .help = "Invocations that may wait for a running one to end; the next is refused with 503.",
            .min = 0,
            .max = 100'000},
    Setting{.group = invocations,
            .name = "session_concurrency",
            .field = &Settings::session_concurrency,
            .fallback = "queue",
            .help = "A turn of a session that is busy waits (`queue`) or is refused with 409 (`reject`).",
            .check = check_concurrency},
    Setting{.group = invocations,
            .name = "max_queued_per_session",
            .field = &Settings::max_queued_per_session,
            .fallback = "16",
            .help = "Turns of one session that may wait.",
            .min = 0,
            .max = 10'000},
    Setting{.group = invocations,
            .name = "disconnect_grace_ms",
            .field = &Settings::disconnect_grace,
            .fallback = "30000",
            .help = "How long an invocation goes on when its client has left.",
            .min = 0,
            .max = day_ms,
            .unit = "ms"},
    Setting{.group = invocations,
            .name = "journal_bytes_max",
            .field = &Settings::journal_bytes_max,
            .fallback = "67108864",
            .help = "What one invocation's messages may hold in memory; a runtime that says more is cut off.",
            .min = 65'536,
            .max = 4 * gib,
            .unit = "bytes"},
    Setting{.group = invocations,
            .name = "keep_alive_ms",
            .field = &Settings::keep_alive,
            .fallback = "15000",
            .help = "Silence on a stream before a keep-alive comment is sent.",
            .min = 10,
            .max = hour_ms,
            .unit = "ms"},

    Setting{.group = storage,
            .name = "database",
            .field = &Settings::database,
            .fallback = "skymarshal.db",
            .help = "SQLite file of the sessions; its folder must exist.",
            .check = check_not_empty,
            .uses = serve_and_cleanup},
    Setting{.group = storage,
            .name = "outbox",
            .field = &Settings::outbox,
            .fallback = "",
            .help = "File where finished invocations wait while the database takes no writes.",
            .fallback_note = "`database` followed by `.outbox`"},
    Setting{.group = storage,
            .name = "session_expire_minutes",
            .field = &Settings::session_expire_minutes,
            .fallback = "30",
            .help = "Silence after which a session takes no more turns; it stays readable.",
            .min = 1,
            .max = 525'600,
            .unit = "minutes"},
    Setting{.group = storage,
            .name = "session_retain_days",
            .field = &Settings::session_retain_days,
            .fallback = "30",
            .help = "Silence after which a session is deleted.",
            .min = 1,
            .max = 36'500,
            .unit = "days",
            .uses = serve_and_cleanup},

    Setting{.group = server,
            .name = "threads",
            .field = &Settings::threads,
            .fallback = "0",
            .help = "Threads that serve connections; 0 is one a core.",
            .min = 0,
            .max = 1'024},
    Setting{.group = server,
            .name = "max_connections",
            .field = &Settings::max_connections,
            .fallback = "10000",
            .help = "Connections open at once.",
            .min = 1,
            .max = 1'000'000},
    Setting{.group = server,
            .name = "body_bytes_max",
            .field = &Settings::body_bytes_max,
            .fallback = "1048576",
            .help = "Largest request body; beyond it 413.",
            .min = 1'024,
            .max = gib,
            .unit = "bytes"},
    Setting{.group = server,
            .name = "header_bytes_max",
            .field = &Settings::header_bytes_max,
            .fallback = "16384",
            .help = "Largest request head; beyond it 431.",
            .min = 1'024,
            .max = 1'048'576,
            .unit = "bytes"},
    Setting{.group = server,
            .name = "target_bytes_max",
            .field = &Settings::target_bytes_max,
            .fallback = "8192",
            .help = "Longest request target; beyond it 414.",
            .min = 128,
            .max = 1'048'576,
            .unit = "bytes"},
    Setting{.group = server,
            .name = "header_timeout_ms",
            .field = &Settings::header_timeout,
            .fallback = "10000",
            .help = "From a request's first byte to the end of its head; beyond it 408.",
            .min = 1,
            .max = hour_ms,
            .unit = "ms"},
    Setting{.group = server,
            .name = "body_timeout_ms",
            .field = &Settings::body_timeout,
            .fallback = "30000",
            .help = "From the end of a request's head to the end of its body; beyond it 408.",
            .min = 1,
            .max = hour_ms,
            .unit = "ms"},
    Setting{.group = server,
            .name = "idle_timeout_ms",
            .field = &Settings::idle_timeout,
            .fallback = "75000",
            .help = "How long a connection may stay open between two requests.",
            .min = 1,
            .max = day_ms,
            .unit = "ms"},
    Setting{.group = server,
            .name = "write_timeout_ms",
            .field = &Settings::write_timeout,
            .fallback = "60000",
            .help = "How long a client may take none of what is sent to it.",
            .min = 1,
            .max = hour_ms,
            .unit = "ms"},

    Setting{.group = operation,
            .name = "drain_timeout_ms",
            .field = &Settings::drain_timeout,
            .fallback = "30000",
            .help = "How long running invocations may go on after SIGTERM or SIGINT.",
            .min = 0,
            .max = day_ms,
            .unit = "ms",
            .uses = serve_and_runtime},
    Setting{.group = operation,
            .name = "probe_interval_ms",
            .field = &Settings::probe_interval,
            .fallback = "10000",
            .help = "Between two looks at whether runtime and database are there, for /api/v1/health.",
            .min = 10,
            .max = hour_ms,
            .unit = "ms"},
    Setting{.group = operation,
            .name = "log_level",
            .field = &Settings::log_level,
            .fallback = "INFO",
            .help = "Least important lines that are logged: DEBUG, INFO, WARNING, ERROR or OFF.",
            .check = check_log_level,
            .own_variable = "LOG_LEVEL",
            .uses = serve_and_runtime | used_by_cleanup},
};

}  // namespace

std::span<const Setting> all_settings() { return table; }

}  // namespace skymarshal::app
