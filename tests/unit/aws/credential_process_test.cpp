// Commands taken apart, and programs run within their limits.
#include "aws/credential_process.hpp"

#include "unit/aws/source_rig.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <sys/types.h>
#include <thread>

namespace skymarshal::aws::credential_process_test {

using Words = std::vector<std::string>;

TEST(SplitCommand, TakesWordsApartAsAShellDoes) {
  EXPECT_EQ(split_command("a  b\tc"), (Words{"a", "b", "c"}));
  EXPECT_EQ(split_command("'a b' \"c d\" e\\ f"), (Words{"a b", "c d", "e f"}));
  EXPECT_EQ(split_command("a'b'\"c\"d"), (Words{"abcd"}));
  EXPECT_EQ(split_command("'' \"\""), (Words{"", ""}));
  EXPECT_EQ(split_command("\"a\\\"b\\\\c\\d\""), (Words{"a\"b\\c\\d"}));
  EXPECT_EQ(split_command("'a\\b'"), (Words{"a\\b"}));
  EXPECT_EQ(split_command("$HOME ~ * | # ;"), (Words{"$HOME", "~", "*", "|", "#", ";"}));
  EXPECT_EQ(split_command("  "), Words());
  for (const char* open : {"'a", "\"a", "a\\", "\"a\\"}) EXPECT_FALSE(split_command(open)) << open;
}

/// Not if it only waits for its parent to hear of its end.
bool is_alive(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string word;
  file >> word >> word >> word;
  return file && word != "Z";
}

class CredentialProcessTest : public test::SourceRig {
 protected:
  CredentialProcessTest() { set("PATH", "/usr/bin:/bin"); }

  Result<CommandResult> run(const Words& words) {
    return test::run_awaitable(io_, run_command(words, search_.environment, run_limits_));
  }
  Result<CommandResult> shell(const std::string& script) { return run({"sh", "-c", script}); }
  Result<FoundCredentials> printed(const std::string& text) { return command("printf '%s' '" + text + "'"); }
  Result<FoundCredentials> command(const std::string& words) {
    return look([&](const SourceParts& parts) { return process_credentials(parts, "ops", words); });
  }

  CommandLimits run_limits_{Milliseconds(60'000), 1000};
};

TEST_F(CredentialProcessTest, RunsAProgramWithOurVariablesAndNothingElseOfOurs) {
  set("MINE", "given");
  const auto done = shell("echo \"$MINE\"; cat; echo oops >&2; ls /proc/self/fd | tr '\\n' ' '");
  ASSERT_TRUE(done);
  EXPECT_EQ(done->status, 0);
  // The last one is of `ls` itself.
  EXPECT_EQ(done->output.reveal(), "given\n0 1 2 3 ");
}

TEST_F(CredentialProcessTest, TellsHowItEnded) {
  EXPECT_EQ(shell("exit 7")->status, 7);
  EXPECT_EQ(shell("kill -9 $$")->status, 137);
  EXPECT_TRUE(says(run({"/no/such/program"}).error().message, "cannot be started"));
}

TEST_F(CredentialProcessTest, WaitsForOneThatClosesItsOutputFirst) {
  const auto done = shell("echo a; exec >&-; sleep 0.05; exit 3");
  ASSERT_TRUE(done);
  EXPECT_EQ(done->status, 3);
}

TEST_F(CredentialProcessTest, EndsOneThatTakesTooLongWithAllThatItStarted) {
  // Both say who they are into a file, as their output is not given out.
  const std::string file = path("processes");
  for (const std::string& script : {"echo $$ > " + file + "; sleep 600 & echo $! >> " + file + "; wait",
                                    "echo $$ > " + file + "; exec >&-; echo $$ >> " + file + "; sleep 600"}) {
    // Longer where the machine is slower, until it has begun.
    for (run_limits_.timeout = Milliseconds(100);; run_limits_.timeout *= 2) {
      std::filesystem::remove(file);
      const auto done = shell(script);
      ASSERT_FALSE(done);
      EXPECT_TRUE(says(done.error().message, "has not ended within"));
      std::ifstream lines(file);
      pid_t first = 0;
      pid_t second = 0;
      if (!(lines >> first >> second)) continue;
      // Reaped by us, and by whoever adopted it.
      EXPECT_TRUE(::kill(first, 0) == -1 && errno == ESRCH);
      const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
      while (is_alive(second) && std::chrono::steady_clock::now() < give_up) std::this_thread::yield();
      EXPECT_FALSE(is_alive(second));
      break;
    }
  }
}

TEST_F(CredentialProcessTest, EndsOneThatSaysTooMuch) {
  const auto done = shell("yes");
  ASSERT_FALSE(done);
  EXPECT_TRUE(says(done.error().message, "says more than 1000 bytes"));
}

TEST_F(CredentialProcessTest, ReadsWhatItPrints) {
  const auto found =
      printed(R"({"Version": 1, "AccessKeyId": "ASIA", "SecretAccessKey": "s", "SessionToken": "t", )"
              R"("Expiration": "2026-01-31T09:05:00Z"})");
  ASSERT_EQ(key_of(found), "ASIA") << complaint_of(found);
  EXPECT_TRUE(found->expires_at);
  EXPECT_EQ(found->source, "credential_process of profile ops");
  EXPECT_EQ(key_of(printed(R"({"Version":1,"AccessKeyId":"AKIA","SecretAccessKey":"s"})")), "AKIA");
}

TEST_F(CredentialProcessTest, SaysWhatIsWrongAndNothingOfWhatItPrinted) {
  for (const auto& [text, complaint] : std::vector<std::pair<std::string, std::string>>{
           {"secret-of-mine", "does not print a JSON object"},
           {"[\"secret-of-mine\"]", "does not print a JSON object"},
           {R"({"AccessKeyId":"A","SecretAccessKey":"secret-of-mine"})", "of Version 1"},
           {R"({"Version":"1","AccessKeyId":"A","SecretAccessKey":"secret-of-mine"})", "of Version 1"},
           {R"({"Version":2,"AccessKeyId":"A","SecretAccessKey":"secret-of-mine"})", "of Version 1"},
           {R"({"Version":1,"SecretAccessKey":"secret-of-mine"})", "AccessKeyId of credential_process"}}) {
    const std::string said = complaint_of(printed(text));
    EXPECT_TRUE(says(said, complaint));
    EXPECT_EQ(said.find("secret-of"), std::string::npos);
  }
  EXPECT_TRUE(says(complaint_of(command("false")), "profile ops ended with status 1"));
  EXPECT_TRUE(says(complaint_of(command("'open")), "a quote in it is not closed"));
  EXPECT_TRUE(says(complaint_of(command(" ")), "is empty"));
  limits_.process_output_bytes_max = 10;
  EXPECT_TRUE(says(complaint_of(printed(R"({"Version":1})")), "says more than 10 bytes"));
  limits_.process_timeout = Milliseconds(20);
  EXPECT_TRUE(says(complaint_of(command("sleep 600")), "has not ended within 0.02 s"));
}

TEST_F(CredentialProcessTest, OneThatNobodyWaitsForAnyMoreEnds) {
  const std::string file = path("process");
  {
    boost::asio::io_context io;
    boost::asio::co_spawn(
        io,
        run_command({"sh", "-c", "echo $$ > " + file + "; exec sleep 600"}, search_.environment, run_limits_),
        [](std::exception_ptr, Result<CommandResult>) {});
    while (!std::filesystem::exists(file) || std::filesystem::file_size(file) == 0)
      io.run_for(Milliseconds(1));
  }
  pid_t process = 0;
  std::ifstream(file) >> process;
  EXPECT_TRUE(::kill(process, 0) == -1 && errno == ESRCH);
}

}  // namespace skymarshal::aws::credential_process_test
