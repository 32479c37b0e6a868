// Items that are deferred under the minimum equipment list: may the aircraft of a plan still be dispatched
// with them? Part of the maintenance agent: says what it finds through the agent's Opinion.
#pragma once

#include "agents/assessment/assessment.hpp"
#include "agents/assessment/plan.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace skymarshal::agents::assessment {

/// The aircraft that a plan flies with, and what is known of its state. Points into situation and plan.
struct TechnicalCase {
  const Situation& situation;
  const Plan& plan;
  /// The replacement, if the plan swaps to an aircraft of the database.
  const SwapCandidate* candidate = nullptr;
  /// "A6-BNC", "the aircraft".
  std::string name;
  /// nullptr: its items are not known.
  const std::vector<ops::MaintenanceItem>* items = nullptr;
  /// 0: not known.
  std::int32_t engines = 0;
  /// Approved diversion time, minutes; absent: not known.
  std::optional<std::int32_t> etops_minutes = {};
};
TechnicalCase technical_case(const Situation& situation, const Plan& plan);

/// "29-11-01 (hydraulic pump)", "the hydraulic leak".
std::string item_name(const ops::MaintenanceItem& item);
void use_item(Opinion& opinion, const ops::MaintenanceItem& item);

/// The database holds an item of the same ATA chapter as the cause: then the item is that defect.
bool on_file(const TechnicalCase& of, const facts::Cause& cause);

/// An item of the database with a category: interval, conditions, ETOPS.
void judge_deferred(Opinion& opinion, const TechnicalCase& of, const ops::MaintenanceItem& item);
/// An item that only the prompt speaks of; needs facts.mel_category.
void judge_stated_deferral(Opinion& opinion, const TechnicalCase& of);

}  // namespace skymarshal::agents::assessment
