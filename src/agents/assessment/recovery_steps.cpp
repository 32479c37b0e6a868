#include "agents/assessment/recovery.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace skymarshal::agents::assessment {
namespace {

constexpr std::string_view operations_control = "operations control";
constexpr std::string_view maintenance_control = "maintenance control";
constexpr std::string_view crew_control = "crew control";
constexpr std::string_view dispatch = "dispatch";
constexpr std::string_view airport_handling = "airport handling";
constexpr std::string_view passenger_service = "passenger service";
constexpr std::string_view cargo_control = "cargo control";
constexpr std::string_view the_commander = "the commander";

/// Planning values, minutes.
constexpr std::int32_t decide_minutes = 10;
constexpr std::int32_t crew_check_minutes = 10;
constexpr std::int32_t inform_minutes = 15;
constexpr std::int32_t flight_plan_minutes = 20;
constexpr std::int32_t release_minutes = 30;
constexpr std::int32_t unknown_repair_minutes = 60;
constexpr std::int32_t transfer_minutes = 60;
constexpr std::int32_t boarding_minutes = 40;
constexpr std::int32_t call_out_minutes = 90;
constexpr std::int32_t rebooking_minutes = 90;
constexpr std::int32_t coaches_minutes = 60;

class StepList {
 public:
  /// Returns the number of the step.
  std::int32_t add(std::string_view who, std::string what, std::vector<std::int32_t> depends_on,
                   std::int32_t minutes, std::string success_criterion) {
    const auto number = static_cast<std::int32_t>(steps_.size()) + 1;
    steps_.push_back(
        {number, who, std::move(what), std::move(depends_on), minutes, std::move(success_criterion)});
    return number;
  }
  std::vector<RecoveryStep> take() && { return std::move(steps_); }

 private:
  std::vector<RecoveryStep> steps_;
};

bool is_defect(const Situation& situation) {
  return situation.facts.cause_of(facts::CauseKind::technical) != nullptr ||
         situation.facts.cause_of(facts::CauseKind::bird_strike) != nullptr;
}

/// As stated, or as planned for the open item of the system that failed.
std::int32_t repair_minutes(const Situation& situation) {
  if (situation.repair) return situation.repair->value.most_minutes;
  const facts::Cause* defect = situation.facts.cause_of(facts::CauseKind::technical);
  std::int32_t longest = 0;
  for (const ops::MaintenanceItem& item : situation.items) {
    if (defect != nullptr && item.ata_chapter == defect->ata_chapter)
      longest = std::max(longest, item.repair_minutes);
  }
  return longest > 0 ? longest : unknown_repair_minutes;
}

std::int32_t inform(StepList& steps, const Situation& situation, std::int32_t after) {
  return steps.add(
      passenger_service,
      situation.passengers
          ? fmt::format("Tell the {} passengers the cause, the new time and their rights; give what "
                        "care is due, special passengers first",
                        situation.passengers->value)
          : "Tell the passengers the cause, the new time and their rights; give what care is due, "
            "special passengers first",
      {after}, inform_minutes, "Every passenger has the notice and the vouchers that are due");
}

std::int32_t file_plan(StepList& steps, const Situation& situation, std::vector<std::int32_t> after) {
  return steps.add(
      dispatch,
      fmt::format("Amend the flight plan of {}, slots and overflight permissions to the new times",
                  flight_text(situation)),
      std::move(after), flight_plan_minutes, "The amended plan is acknowledged");
}

void board_and_leave(StepList& steps, const Situation& situation, std::vector<std::int32_t> after) {
  steps.add(airport_handling, fmt::format("Board and dispatch {}", flight_text(situation)), std::move(after),
            boarding_minutes, "Off blocks at the new time");
}

void delay_steps(StepList& steps, const Situation& situation) {
  const std::int32_t decided =
      steps.add(operations_control, fmt::format("Publish the new times of {}", flight_text(situation)), {},
                decide_minutes, "The new times are in every system");
  std::vector<std::int32_t> ready;
  if (is_defect(situation)) {
    const std::int32_t repaired = steps.add(
        maintenance_control, fmt::format("Mend or defer the defect of {}", aircraft_text(situation)),
        {decided}, repair_minutes(situation), "The work is recorded in the technical log");
    ready.push_back(steps.add(maintenance_control,
                              fmt::format("Release {} to service", aircraft_text(situation)), {repaired},
                              release_minutes, "The release to service is signed"));
  }
  ready.push_back(steps.add(crew_control, "Check the crew's hours against the new times", {decided},
                            crew_check_minutes, "The crew ends its duty within its limits"));
  ready.push_back(inform(steps, situation, decided));
  ready.push_back(file_plan(steps, situation, {decided}));
  board_and_leave(steps, situation, std::move(ready));
}

void swap_steps(StepList& steps, const Situation& situation, const Plan& plan) {
  const std::string& other = plan.replacement_registration;
  const std::int32_t decided =
      steps.add(operations_control, fmt::format("Assign {} to {}", other, flight_text(situation)), {},
                decide_minutes, "The assignment is in every system");
  const std::int32_t checked =
      steps.add(maintenance_control, fmt::format("Check the open items of {} against the flight", other),
                {decided}, release_minutes, fmt::format("{} is released for the flight", other));
  const std::int32_t moved =
      steps.add(airport_handling, fmt::format("Move passengers' bags, catering and stand to {}", other),
                {decided}, transfer_minutes, "Everything is at the new stand");
  const std::int32_t loaded = steps.add(
      cargo_control, fmt::format("Make a new load plan for {}, dangerous goods notified anew", other),
      {decided}, transfer_minutes, "Load sheet and notification to the captain are signed");
  const std::int32_t informed = inform(steps, situation, decided);
  const std::int32_t filed = file_plan(steps, situation, {checked});
  if (plan.replacement != nullptr && !plan.replacement->own_flights.empty()) {
    steps.add(operations_control,
              fmt::format("Find an aircraft for {}, which {} was to fly",
                          plan.replacement->own_flights.front().number, other),
              {decided}, decide_minutes, "No flight is left without an aircraft");
  }
  board_and_leave(steps, situation, {checked, moved, loaded, informed, filed});
}

void crew_steps(StepList& steps, const Situation& situation, const Plan& plan) {
  const std::int32_t minutes =
      plan.relief_crew != nullptr ? plan.relief_crew->duty.call_out_minutes : call_out_minutes;
  const std::string crew = plan.relief_crew != nullptr ? plan.relief_crew->duty.id : "a rested crew";
  const std::int32_t called =
      steps.add(crew_control, fmt::format("Call out {} for {}", crew, flight_text(situation)), {}, minutes,
                "The crew has reported");
  const std::int32_t stood_down = steps.add(crew_control, "Stand the planned crew down and plan its rest",
                                            {called}, crew_check_minutes, "The rest is in the roster");
  const std::int32_t informed = inform(steps, situation, called);
  const std::int32_t filed = file_plan(steps, situation, {called});
  board_and_leave(steps, situation, {stood_down, informed, filed});
}

void reroute_steps(StepList& steps, const Situation& situation, const Plan& plan) {
  const std::string other = plan.destination ? plan.destination->iata : "the other airport";
  const std::int32_t decided =
      steps.add(operations_control, fmt::format("Get slot, stand and handling at {}", other), {},
                flight_plan_minutes, fmt::format("{} has confirmed", other));
  const std::int32_t filed = file_plan(steps, situation, {decided});
  const std::int32_t informed = inform(steps, situation, decided);
  const std::int32_t coaches = steps.add(passenger_service, fmt::format("Order coaches from {}", other),
                                         {decided}, coaches_minutes, "Coaches for everybody are confirmed");
  board_and_leave(steps, situation, {filed, informed, coaches});
}

void cancel_steps(StepList& steps, const Situation& situation) {
  const std::int32_t decided = steps.add(operations_control, fmt::format("Cancel {}", flight_text(situation)),
                                         {}, decide_minutes, "The cancellation is in every system");
  const std::int32_t informed = inform(steps, situation, decided);
  const std::int32_t rebooked =
      steps.add(passenger_service,
                "Rebook every passenger or refund the fare, special passengers and missed "
                "connections first",
                {decided}, rebooking_minutes, "Nobody is without a new booking, a refund or a hotel");
  const std::int32_t cargo = steps.add(cargo_control, "Offload and rebook the cargo, what spoils first",
                                       {decided}, transfer_minutes, "Every consignment has a flight");
  const std::int32_t rotation =
      steps.add(operations_control, "Repair the rotation of aircraft and crew", {decided},
                flight_plan_minutes, "Every later flight has an aircraft and a legal crew");
  steps.add(operations_control, "Close the case", {informed, rebooked, cargo, rotation}, decide_minutes,
            "Nothing is open");
}

void flying_steps(StepList& steps, const Situation& situation, const Plan& plan) {
  const bool diverts = plan.kind == PlanKind::divert;
  const std::int32_t decided = steps.add(
      the_commander, diverts ? "Decide where to land" : "Decide to continue by the abnormal checklist", {},
      decide_minutes, "Operations control knows the decision");
  const std::int32_t prepared =
      steps.add(maintenance_control, "Have engineers and parts ready where the aircraft lands", {decided},
                release_minutes, "They are at the stand");
  const std::int32_t informed = inform(steps, situation, decided);
  steps.add(airport_handling, "Receive the aircraft", {prepared, informed}, boarding_minutes,
            "Everybody has left the aircraft");
}

}  // namespace

std::vector<RecoveryStep> recovery_steps(const Situation& situation, const Plan& plan) {
  StepList steps;
  switch (plan.kind) {
    case PlanKind::operate_with_delay:
      delay_steps(steps, situation);
      break;
    case PlanKind::swap_aircraft:
      swap_steps(steps, situation, plan);
      break;
    case PlanKind::change_crew:
      crew_steps(steps, situation, plan);
      break;
    case PlanKind::reroute:
      reroute_steps(steps, situation, plan);
      break;
    case PlanKind::cancel_and_rebook:
      cancel_steps(steps, situation);
      break;
    case PlanKind::continue_flight:
    case PlanKind::divert:
      flying_steps(steps, situation, plan);
      break;
  }
  return std::move(steps).take();
}

std::int32_t critical_path_minutes(const std::vector<RecoveryStep>& steps) {
  std::vector<std::int32_t> done(steps.size() + 1, 0);
  std::int32_t longest = 0;
  for (const RecoveryStep& step : steps) {
    std::int32_t begins = 0;
    for (const std::int32_t before : step.depends_on) {
      begins = std::max(begins, done[static_cast<std::size_t>(before)]);
    }
    done[static_cast<std::size_t>(step.step)] = begins + step.minutes;
    longest = std::max(longest, begins + step.minutes);
  }
  return longest;
}

}  // namespace skymarshal::agents::assessment
