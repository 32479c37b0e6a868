#include "agents/cargo.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace skymarshal::agents {
namespace {

void judge_dangerous_goods(Opinion& opinion, const Facts& facts) {
  opinion.require(
      "Dangerous goods stay loaded only as the notification to the captain says; on another aircraft "
      "they are accepted, segregated and notified anew (ICAO Doc 9284, Part 7).");
  if (facts.replacement_registration) {
    opinion.recommend(fmt::format("Issue a new notification to the captain (NOTOC) for {}.",
                                  facts.replacement_registration->value));
  }
}

void judge_kind(Opinion& opinion, const Facts& facts, CargoKind kind) {
  switch (kind) {
    case CargoKind::none:
      opinion.say("No cargo is on board.");
      return;
    case CargoKind::general:
      opinion.say("General cargo bears the delay; the consignees are told the new arrival.");
      return;
    case CargoKind::dangerous_goods:
      opinion.limit(Verdict::conditional);
      judge_dangerous_goods(opinion, facts);
      return;
    case CargoKind::pharma:
      opinion.wants(false, "temperature range and qualified hold time of the pharmaceuticals");
      opinion.require(
          "Pharmaceuticals stay within their labelled temperature for the whole new transit time (EU "
          "Guidelines 2013/C 343/01, chapter 9; IATA Temperature Control Regulations).");
      return;
    case CargoKind::perishables:
      opinion.wants(false, "shelf life of the perishables at the new arrival");
      opinion.recommend(
          "Keep perishables in the cool room until the new off-block time (IATA Perishable Cargo "
          "Regulations).");
      return;
    case CargoKind::live_animals:
      opinion.wants(false, "species and time without food and water of the live animals");
      opinion.require(
          "Live animals are off-loaded and tended if their planned time without water and food would be "
          "exceeded (IATA Live Animals Regulations).");
      return;
    case CargoKind::aog_parts:
      opinion.limit(Verdict::conditional);
      opinion.recommend("Offer the AOG parts to the first other flight: another aircraft waits for them.");
      return;
  }
}

}  // namespace

AgentAssessment assess_cargo(const Facts& facts) {
  Opinion opinion("cargo");
  if (opinion.wants(!facts.cargo.empty(),
                    "cargo on board (none, general, perishable, pharmaceutical, live animals, "
                    "dangerous goods)")) {
    for (const Fact<CargoKind>& fact : facts.cargo) judge_kind(opinion, facts, fact.value);
  } else {
    opinion.say(
        "Some freight has rules of its own for time, temperature and place (ICAO Doc 9284; IATA Live "
        "Animals, "
        "Perishable Cargo and Temperature Control Regulations).");
  }
  const bool loaded = facts.cargo.empty() || facts.cargo.front().value != CargoKind::none;
  if (loaded) {
    opinion.knows(facts.delay, "delay");
    if (facts.delay) {
      opinion.say(fmt::format("Whatever is on board spends up to {} more on the way than planned.",
                              duration_text(facts.delay->value.most_minutes)));
    }
    opinion.recommend(
        "Have the load control check time- and temperature-critical consignments before the new "
        "departure time is published.");
  }
  return std::move(opinion).finish();
}

}  // namespace skymarshal::agents
