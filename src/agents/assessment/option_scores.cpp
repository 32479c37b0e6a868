#include "agents/assessment/recovery.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace skymarshal::agents::assessment {
namespace {

/// The score of what nobody knows anything about: neither good nor bad.
constexpr std::int32_t neutral = 50;
constexpr std::int32_t worst_minutes = 600;
/// Where no later seat is on file, a passenger is reckoned to wait for the next day's flight.
constexpr std::int32_t next_day_minutes = reference::minutes_a_day;

std::int32_t points_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::approved:
      return 100;
    case Verdict::conditional:
      return 60;
    case Verdict::rejected:
      return 0;
  }
  return 0;
}

std::int32_t points_for(std::int64_t minutes) {
  return static_cast<std::int32_t>(100 -
                                   100 * std::min<std::int64_t>(minutes, worst_minutes) / worst_minutes);
}

/// Minutes that `count` passengers wait together when they take the seats in order; the rest wait a day.
std::int64_t wait_for_seats(const std::vector<Connection::Seats>& seats, UtcMinutes planned,
                            std::int32_t count) {
  std::int64_t waited = 0;
  for (const Connection::Seats& offer : seats) {
    const std::int32_t taken = std::min(count, offer.free);
    waited += taken * std::max<std::int64_t>(0, (offer.flight.scheduled_departure - planned).count());
    count -= taken;
  }
  return waited + static_cast<std::int64_t>(count) * next_day_minutes;
}

}  // namespace

std::int32_t safety_score(const std::vector<Verdict>& verdicts, std::string& basis) {
  basis = "safety 0: no safety agent was heard";
  if (verdicts.empty()) return 0;
  std::int32_t sum = 0;
  std::string terms;
  for (const Verdict verdict : verdicts) {
    if (verdict == Verdict::rejected) {
      basis = "safety 0: a safety agent rejects it";
      return 0;
    }
    sum += points_of(verdict);
    terms += fmt::format("{}{}", terms.empty() ? "" : " + ", points_of(verdict));
  }
  const std::int32_t score = sum / static_cast<std::int32_t>(verdicts.size());
  basis = fmt::format("safety {} = ({}) / {} (approved 100, conditional 60)", score, terms, verdicts.size());
  return score;
}

std::int32_t cost_score(const Plan& plan, const CostEstimate& costs, std::int64_t dearest_eur_cents,
                        std::string& basis) {
  const std::int64_t total = costs.total_eur_cents();
  if (costs.lines.empty() && !plan.flies()) {
    basis = "cost 0: nothing could be reckoned, and a cancellation is dear as a rule";
    return 0;
  }
  const bool no_delay = std::any_of(costs.unknown.begin(), costs.unknown.end(), [](const std::string& item) {
    return item.starts_with("delay: minutes");
  });
  if (plan.flies() && no_delay) {
    basis = fmt::format("cost {}: without a delay nothing can be compared", neutral);
    return neutral;
  }
  if (costs.lines.empty() || dearest_eur_cents <= 0) {
    basis = fmt::format("cost {}: nothing could be reckoned", neutral);
    return neutral;
  }
  const auto score = static_cast<std::int32_t>(100 - 100 * total / dearest_eur_cents);
  basis = fmt::format("cost {} = 100 - 100 x {} / {} of the dearest option", score, euros(total),
                      euros(dearest_eur_cents));
  return score;
}

std::int32_t passenger_score(const Situation& situation, const Plan& plan, const NetworkImpact& impact,
                             std::string& basis) {
  if (!plan.flies()) {
    if (situation.later_flights.empty() || !situation.passengers || !situation.departure) {
      const std::int32_t score = points_for(next_day_minutes);
      basis = fmt::format("passenger {}: nobody flies, and no later seat is on file", score);
      return score;
    }
    const std::int32_t everybody = situation.passengers->value;
    const std::int64_t mean =
        wait_for_seats(situation.later_flights, situation.departure->value, everybody) / everybody;
    basis = fmt::format("passenger {}: {} passengers wait {} min in the mean for later flights",
                        points_for(mean), everybody, mean);
    return points_for(mean);
  }
  if (!plan.arrival_delay) {
    basis = fmt::format("passenger {}: no delay is known", neutral);
    return neutral;
  }
  const std::int32_t delay = plan.arrival_delay->most_minutes;
  if (!situation.passengers || impact.missed.empty()) {
    basis =
        fmt::format("passenger {} = 100 - 100 x {} min / {} min", points_for(delay), delay, worst_minutes);
    return points_for(delay);
  }
  const std::int32_t everybody = std::max(situation.passengers->value, impact.missed_passengers());
  std::int64_t waited = static_cast<std::int64_t>(everybody - impact.missed_passengers()) * delay;
  for (const MissedConnection& missed : impact.missed) {
    const Connection& connection = *missed.connection;
    waited += wait_for_seats(connection.later, connection.onward.scheduled_departure, connection.passengers);
  }
  const std::int64_t mean = waited / everybody;
  basis = fmt::format(
      "passenger {} = 100 - 100 x {} min / {} min: the mean over {} passengers, of whom {} miss "
      "their connection",
      points_for(mean), mean, worst_minutes, everybody, impact.missed_passengers());
  return points_for(mean);
}

std::int32_t network_score(const Situation& situation, const Plan& plan, const NetworkImpact& impact,
                           std::string& basis) {
  if (impact.without_aircraft != nullptr) {
    basis = fmt::format("network 0: {} has no aircraft", impact.without_aircraft->number);
    return 0;
  }
  if (impact.rotation_known) {
    const std::int32_t score = points_for(impact.knock_on_minutes());
    basis = fmt::format("network {} = 100 - 100 x {} min of knock-on delay / {} min", score,
                        impact.knock_on_minutes(), worst_minutes);
    return score;
  }
  if (!plan.flies()) {
    basis = fmt::format("network {}: what a cancellation does to the rotation is not reckoned", neutral);
    return neutral;
  }
  if (!plan.arrival_delay) {
    basis = fmt::format("network {}: no delay is known", neutral);
    return neutral;
  }
  const std::int32_t points = points_for(plan.arrival_delay->most_minutes);
  if (!situation.passengers || !situation.connecting_passengers) {
    basis = fmt::format("network {}: the rotation is not known, so by the delay alone", points);
    return points;
  }
  const std::int32_t everybody = situation.passengers->value;
  const std::int32_t connecting = std::min(situation.connecting_passengers->value, everybody);
  const std::int32_t score = points - points * connecting / (2 * everybody);
  basis = fmt::format(
      "network {}: the rotation is not known, so by the delay ({}) less half the share of {} "
      "connecting of {} passengers",
      score, points, connecting, everybody);
  return score;
}

std::int32_t weighted_score(const OptionScores& scores, const ScoreWeights& weights, std::string& basis) {
  const std::int32_t score = (weights.safety * scores.safety + weights.cost * scores.cost +
                              weights.passenger * scores.passenger + weights.network * scores.network) /
                             100;
  basis = fmt::format("score {} = ({} x {} + {} x {} + {} x {} + {} x {}) / 100", score, weights.safety,
                      scores.safety, weights.cost, scores.cost, weights.passenger, scores.passenger,
                      weights.network, scores.network);
  return score;
}

}  // namespace skymarshal::agents::assessment
