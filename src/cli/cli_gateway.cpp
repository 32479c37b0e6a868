#include "cli/cli_parts.hpp"
#include "cli/exit_codes.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace skymarshal::cli {
namespace {

constexpr const char* signing_group = "Who you are";

CLI::Option* add_text(CLI::App& command, const char* flag, std::string& text, const char* type,
                      const char* help) {
  return command.add_option(flag, text, help)->type_name(type)->group(signing_group);
}

CLI::Option* add_secret(CLI::App& command, const char* flag, Secret& secret, const char* type,
                        const char* help) {
  const auto take = [&secret](const std::string& text) { secret = Secret(text); };
  return command.add_option_function<std::string>(flag, take, help)->type_name(type)->group(signing_group);
}

void add_signing(CLI::App& command, SigningArguments& arguments) {
  CLI::Option* const profile =
      add_text(command, "--profile", arguments.profile, "NAME",
               "Sign with this profile of the shared AWS files. Default: the variables AWS_ACCESS_KEY_ID and "
               "AWS_SECRET_ACCESS_KEY, else the profile of AWS_PROFILE or 'default', else the role of this "
               "container or EC2 instance; without any, nothing is signed.");
  CLI::Option* const key = add_text(command, "--access-key-id,--access-key", arguments.access_key_id, "ID",
                                    "Sign with this access key.");
  CLI::Option* const secret = add_secret(
      command, "--secret-access-key,--secret-key", arguments.secret_access_key, "KEY",
      "Its secret. Other users of this machine can see it in the list of processes: better set the variable "
      "AWS_SECRET_ACCESS_KEY.");
  CLI::Option* const token =
      add_secret(command, "--session-token", arguments.session_token, "TOKEN",
                 "The token of temporary credentials. Seen by others as well: better set AWS_SESSION_TOKEN.");
  add_text(command, "--region", arguments.region, "NAME",
           "AWS region to sign for. Default: AWS_REGION, the profile's, or us-east-1.");
  CLI::Option* const bearer =
      add_text(command, "--bearer-token-file", arguments.bearer_token_file, "FILE",
               "Send the token (JWT) in this file instead, to a gateway with --auth jwt.");
  CLI::Option* const sts =
      add_text(command, "--sts-server-id", arguments.sts_server_id, "ID",
               "Send proof of your AWS identity instead, to the gateway of this id with --auth sts.");
  CLI::Option* const none =
      command.add_flag("--no-sign", arguments.no_sign, "Send no credentials at all.")->group(signing_group);

  key->needs(secret);
  secret->needs(key);
  token->needs(key);
  profile->excludes(key);
  for (CLI::Option* const other : {profile, key, sts, none}) bearer->excludes(other);
  for (CLI::Option* const other : {profile, key, sts}) none->excludes(other);
}

void add_endpoint(CLI::App& command, Parsed& parsed) {
  command.add_option("--endpoint", parsed.endpoint.url, "Where the gateway is.")
      ->type_name("URL")
      ->capture_default_str();
  command
      .add_option("--ca-file", parsed.endpoint.ca_file,
                  "Authorities (PEM file) that an https gateway's certificate must come from. Default: "
                  "those of the system.")
      ->type_name("FILE");
  add_signing(command, parsed.endpoint.signing);
}

void add_page(CLI::App& command, std::int64_t& limit, std::string& cursor) {
  command.add_option("--limit", limit, "How many to show at most.")
      ->type_name("N")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{500}))
      ->capture_default_str();
  command.add_option("--cursor", cursor, "Go on where the last page ended.")->type_name("TEXT");
}

void add_timeout(CLI::App& command, std::int64_t& seconds) {
  command.add_option("--timeout", seconds, "Give up after this many seconds.")
      ->type_name("S")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{86'400}))
      ->capture_default_str();
}

}  // namespace

void add_invoke(CLI::App& root, Parsed& parsed) {
  CLI::App* const invoke = root.add_subcommand("invoke", "Have a disruption assessed, and watch the agents.");
  InvokeCommand& command = parsed.invoke;
  invoke
      ->add_option("prompt", command.prompt,
                   "The disruption in words, 10 to 10,000 characters; - reads them from standard input.")
      ->required()
      ->type_name("");
  add_endpoint(*invoke, parsed);
  invoke->add_option("--session", command.session, "Go on in this session.")->type_name("ID");
  invoke->add_flag("--json", command.json,
                   "Print the answer of the API, JSON on one line, and nothing else.");
  invoke
      ->add_flag(
          "--explain", command.explain,
          "Show per agent the facts, rules with citation and arithmetic, and per option costs and steps.")
      ->excludes("--json");
  add_timeout(*invoke, command.timeout_seconds);
  invoke
      ->add_flag("--async", command.is_async, "Have it begun, print its id, and do not wait for the answer.")
      ->excludes("--explain");
  invoke
      ->add_option(
          "--idempotency-key", command.idempotency_key,
          "Begin it once, however often this is sent: again under the same key, the same answer comes.")
      ->type_name("KEY");
  invoke->footer(
      fmt::format("On a terminal the agents are shown while they work; in a pipe each is a line as it comes. "
                  "NO_COLOR is\n"
                  "respected. A connection that breaks is taken up again where it broke.\n\n{}\n\n"
                  "Examples:\n"
                  "  skymarshal invoke \"{}\"\n"
                  "  skymarshal invoke --explain --session 6f1c… \"And if we swap to A6-BND?\"\n"
                  "  skymarshal invoke --json - < disruption.txt | jq .final_decision",
                  exit_codes_text, prompt_example));
}

void add_invocations(CLI::App& root, Parsed& parsed) {
  using Action = InvocationsCommand::Action;
  CLI::App* const invocations =
      root.add_subcommand("invocations", "See, follow and cancel what has been begun.");
  invocations->require_subcommand(1);
  InvocationsCommand& command = parsed.invocations;
  const auto add = [&](const char* name, const char* help, Action action) {
    CLI::App* const sub = invocations->add_subcommand(name, help);
    sub->callback([&command, action] { command.action = action; });
    if (action != Action::list)
      sub->add_option("id", command.id, "The invocation.")->required()->type_name("");
    add_endpoint(*sub, parsed);
    sub->add_flag("--json", command.json, "Print the answer of the API and nothing else.");
    return sub;
  };
  const auto add_explain = [&command](CLI::App* sub) {
    sub->add_flag("--explain", command.explain, "Show where every number comes from, too.")
        ->excludes("--json");
  };
  CLI::App* const list = add("list", "List your invocations, newest first.", Action::list);
  list->add_option("--status", command.status, "Only those in this state.")
      ->type_name("STATUS")
      ->check(
          CLI::IsMember({"queued", "running", "success", "error", "timeout", "cancelled", "interrupted"}));
  add_page(*list, command.limit, command.cursor);
  add_explain(add("show", "Show how an invocation stands, and its answer when it has ended.", Action::show));
  CLI::App* const follow =
      add("follow", "Watch the agents of an invocation, from its start.", Action::follow);
  add_explain(follow);
  add_timeout(*follow, command.timeout_seconds);
  add("cancel", "End an invocation, unless it has ended.", Action::cancel);
  invocations->footer(
      fmt::format("{}\n\nExamples:\n"
                  "  skymarshal invocations list --status running\n"
                  "  skymarshal invocations follow 6f1c…",
                  exit_codes_text));
}

void add_sessions(CLI::App& root, Parsed& parsed) {
  CLI::App* const sessions = root.add_subcommand("sessions", "See and remove what is remembered.");
  sessions->require_subcommand(1);
  SessionsCommand& command = parsed.sessions;
  const auto add = [&](const char* name, const char* help, SessionsCommand::Action action) {
    CLI::App* const sub = sessions->add_subcommand(name, help);
    sub->callback([&command, action] { command.action = action; });
    add_endpoint(*sub, parsed);
    if (action != SessionsCommand::Action::erase) {
      sub->add_flag("--json", command.json, "Print the answer of the API and nothing else.");
    }
    return sub;
  };
  add("create", "Begin a session and print its id.", SessionsCommand::Action::create);
  CLI::App* const list = add("list", "List your sessions, newest first.", SessionsCommand::Action::list);
  list->add_option("--status", command.status, "Only sessions that are active, or expired.")
      ->type_name("STATUS")
      ->check(CLI::IsMember({"active", "expired"}));
  add_page(*list, command.limit, command.cursor);
  CLI::App* const show =
      add("show", "Show what was asked and answered in a session.", SessionsCommand::Action::show);
  show->add_option("id", command.id, "The session.")->required()->type_name("");
  add_page(*show, command.limit, command.cursor);
  CLI::App* const erase =
      add("delete", "Erase a session and all that is remembered of it.", SessionsCommand::Action::erase);
  erase->add_option("id", command.id, "The session.")->required()->type_name("");

  CLI::App* const cleanup = sessions->add_subcommand(
      "cleanup", "Delete old sessions from a database file, without a gateway, and say how many.");
  add_settings(*cleanup, parsed, settings::used_by_cleanup);
  sessions->footer(
      fmt::format("{}\n\nExamples:\n"
                  "  skymarshal sessions list --status active\n"
                  "  skymarshal sessions show 6f1c…\n"
                  "  skymarshal sessions cleanup --database /var/lib/skymarshal.db",
                  exit_codes_text));
}

}  // namespace skymarshal::cli
