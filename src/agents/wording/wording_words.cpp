#include "agents/wording/wording_words.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace skymarshal::agents::wording {
namespace {

using Words = std::span<const std::string_view>;

constexpr auto function_words = std::to_array<std::string_view>(
    {"a",      "about",  "after",    "against", "all",     "also",      "among",    "an",        "and",
     "any",    "are",    "as",       "at",      "be",      "because",   "become",   "becomes",   "been",
     "before", "being",  "between",  "but",     "by",      "did",       "do",       "does",      "during",
     "each",   "either", "every",    "for",     "from",    "had",       "has",      "have",      "he",
     "her",    "here",   "his",      "how",     "however", "i",         "in",       "into",      "is",
     "it",     "its",    "itself",   "of",      "off",     "on",        "onto",     "or",        "other",
     "our",    "out",    "own",      "per",     "she",     "since",     "so",       "some",      "such",
     "than",   "that",   "the",      "their",   "them",    "then",      "there",    "therefore", "these",
     "they",   "this",   "those",    "through", "thus",    "to",        "together", "towards",   "up",
     "upon",   "via",    "was",      "we",      "were",    "what",      "when",     "where",     "which",
     "while",  "who",    "whole",    "whose",   "why",     "will",      "with",     "you",       "your",
     "due",    "given",  "although", "though",  "whereas", "both",      "same",     "still",     "already",
     "only",   "just",   "now",      "well",    "very",    "according", "based",    "because",   "means",
     "mean",   "comes",  "come",     "gives",   "give",    "makes",     "make",     "made",      "says",
     "say",    "stands", "counts",   "using"});

constexpr auto negators = std::to_array<std::string_view>(
    {"not",     "no",     "never",    "none",    "nothing", "nobody",  "nowhere", "neither", "nor",
     "without", "cannot", "cant",     "dont",    "doesnt",  "isnt",    "arent",   "wont",    "wouldnt",
     "hardly",  "barely", "scarcely", "rarely",  "seldom",  "little",  "fail",    "fails",   "failed",
     "failing", "lack",   "lacks",    "lacking", "except",  "instead", "far",     "free",    "barring",
     "unable",  "rather", "avoid",    "avoids",  "avoided", "non",     "absence", "absent"});

constexpr auto statement_openers =
    std::to_array<std::string_view>({"because", "but", "while", "whereas", "although", "though", "however",
                                     "therefore", "thus", "so", "since", "yet"});

constexpr auto number_words = std::to_array<std::string_view>(
    {"zero",    "nil",       "one",    "two",     "three",    "four",    "five",   "six",     "seven",
     "eight",   "nine",      "ten",    "eleven",  "twelve",   "once",    "twice",  "thrice",  "first",
     "second",  "third",     "fourth", "fifth",   "sixth",    "seventh", "eighth", "ninth",   "tenth",
     "twelfth", "half",      "halves", "quarter", "quarters", "thirds",  "double", "doubled", "doubles",
     "triple",  "tripled",   "treble", "couple",  "pair",     "pairs",   "single", "several", "score",
     "both",    "fortnight", "plus",   "minus",   "negative", "gross",   "eins",   "zwei",    "drei",
     "vier",    "zehn",      "deux",   "trois",   "quatre",   "cinq",    "dix",    "dos",     "tres",
     "cuatro",  "cinco",     "diez",   "uno",     "due",      "tre"});
/// Count wherever they stand in a word: "twenty-five" as well as "twentyfive".
constexpr auto number_parts = std::to_array<std::string_view>(
    {"teen",    "twenty", "twentie", "thirty",   "thirtie",  "forty",   "fortie",  "fifty",
     "fiftie",  "sixty",  "sixtie",  "seventy",  "seventie", "eighty",  "eightie", "ninety",
     "ninetie", "dozen",  "hundred", "thousand", "million",  "billion", "eleven",  "twelve"});

constexpr auto hedges = std::to_array<std::string_view>(
    {"would",      "could",     "should",   "might",  "if",   "unless",     "until",    "once",
     "almost",     "nearly",    "was",      "were",   "been", "previously", "formerly", "otherwise",
     "supposedly", "allegedly", "formally", "partly", "but",  "though",     "although", "however",
     "later",      "earlier",   "or",       "than",   "be"});

/// By their beginnings.
constexpr auto judgements = std::to_array<std::string_view>(
    {"safe",     "unsafe",   "legal",    "illegal",   "lawful",     "unlawful",  "complian",  "comply",
     "compli",   "violat",   "breach",   "infring",   "clear",      "authori",   "accept",    "unaccept",
     "refus",    "deny",     "denie",    "denial",    "declin",     "block",     "ground",    "veto",
     "ahead",    "proceed",  "releas",   "dispatch",  "depart",     "airworth",  "unairw",    "serviceab",
     "unservic", "feasib",   "infeasib", "possib",    "impossib",   "unfit",     "ready",     "valid",
     "invalid",  "okay",     "wrong",    "correct",   "incorrect",  "suffic",    "adequa",    "inadequa",
     "enough",   "insuffic", "satisf",   "fulfil",    "problem",    "issue",     "concern",   "object",
     "obstacle", "risk",     "danger",   "hazard",    "guarant",    "certain",   "ignor",     "disregard",
     "overrid",  "overrul",  "verdict",  "decision",  "decid",      "recommend", "advis",     "advice",
     "suggest",  "propos",   "endors",   "support",   "oppos",      "agree",     "disagree",  "confirm",
     "certif",   "legitim",  "waiv",     "exempt",    "option",     "cancel",    "divert",    "rerout",
     "swap",     "replac",   "offload",  "rebook",    "flies",      "flown",     "takeoff",   "continu",
     "missing",  "unknown",  "known",    "complete",  "incomplet",  "everyth",   "perfect",   "untrue",
     "false",    "opposite", "contrary", "myth",      "joke",       "pretend",   "actual",    "status",
     "warn",     "error",    "mistak",   "fake",      "green",      "amber",     "provision", "stop",
     "wait",     "later",    "earlier",  "owed",      "owe",        "owing",     "entitl",    "eligib",
     "appl",     "bind",     "waste",    "expir",     "urgent",     "emergenc",  "allright",  "alright",
     "resolv",   "repair",   "solv",     "clearance", "permission", "sanction",  "licen",     "admissib",
     "inadmiss", "open",     "close",    "take",      "taking",     "leav",      "going",     "goes",
     "happen",   "operat",   "board"});
/// As they stand: "good" is no part of "goods".
constexpr auto whole_judgements = std::to_array<std::string_view>(
    {"fit",  "fits", "met",    "meet",   "meets", "red", "ok",   "fly",  "lie",
     "lies", "pass", "passes", "passed", "go",    "run", "runs", "work", "works",
     "good", "fix",  "fixed",  "true",   "real",  "bad", "fine"});

/// Anywhere in a word.
constexpr auto foreign_verdicts = std::to_array<std::string_view>(
    {"genehm",   "abgelehn", "ablehn",      "zugelass",  "freigeb",      "freigegeb", "erlaub",
     "verbot",   "bedingt",  "approuv",     "rejet",     "interdit",     "aprob",     "rechaz",
     "prohib",   "aprov",    "rejeit",      "approva",   "rifiut",       "respint",   "goedgek",
     "afgekeur", "afgewez",  "condicional", "condizion", "conditionnel", "permiti"});

struct Grouped {
  std::string_view word;
  WordGroup group;
};
constexpr WordGroup permitted{"#permission", false};
constexpr WordGroup forbidden{"#permission", true};
constexpr WordGroup required{"#obligation", false};
constexpr WordGroup needless{"#obligation", true};
constexpr WordGroup greater{"#comparison", false};
constexpr WordGroup smaller{"#comparison", true};
constexpr WordGroup condition{"#condition", false};
constexpr auto grouped_words = std::to_array<Grouped>({
    {"can", permitted},        {"cannot", permitted},     {"cant", permitted},
    {"may", permitted},        {"able", permitted},       {"unable", permitted},
    {"allow", permitted},      {"allows", permitted},     {"allowed", permitted},
    {"permit", permitted},     {"permits", permitted},    {"permitted", permitted},
    {"could", permitted},      {"might", permitted},      {"permissible", permitted},
    {"forbid", forbidden},     {"forbids", forbidden},    {"forbidden", forbidden},
    {"prohibit", forbidden},   {"prohibits", forbidden},  {"prohibited", forbidden},
    {"ban", forbidden},        {"bans", forbidden},       {"banned", forbidden},
    {"disallow", forbidden},   {"disallows", forbidden},  {"disallowed", forbidden},
    {"prevents", forbidden},   {"must", required},        {"need", required},
    {"needs", required},       {"needed", required},      {"require", required},
    {"requires", required},    {"required", required},    {"shall", required},
    {"should", required},      {"mandatory", required},   {"necessary", required},
    {"obliged", required},     {"unnecessary", needless}, {"needless", needless},
    {"voluntary", needless},   {"exceed", greater},       {"exceeds", greater},
    {"exceeded", greater},     {"exceeding", greater},    {"above", greater},
    {"over", greater},         {"beyond", greater},       {"more", greater},
    {"longer", greater},       {"greater", greater},      {"higher", greater},
    {"larger", greater},       {"past", greater},         {"within", smaller},
    {"under", smaller},        {"below", smaller},        {"less", smaller},
    {"fewer", smaller},        {"shorter", smaller},      {"lower", smaller},
    {"smaller", smaller},      {"inside", smaller},       {"if", condition},
    {"unless", condition},     {"until", condition},      {"provided", condition},
    {"pending", condition},    {"subject", condition},    {"depends", condition},
    {"depend", condition},     {"depending", condition},  {"condition", condition},
    {"conditions", condition},
});

struct Unit {
  std::string_view word;
  std::string_view unit;
};
constexpr auto units = std::to_array<Unit>({
    {"h", "h"},           {"hr", "h"},
    {"hrs", "h"},         {"hour", "h"},
    {"hours", "h"},       {"min", "min"},
    {"mins", "min"},      {"minute", "min"},
    {"minutes", "min"},   {"s", "s"},
    {"seconds", "s"},     {"day", "d"},
    {"days", "d"},        {"night", "night"},
    {"nights", "night"},  {"week", "week"},
    {"weeks", "week"},    {"month", "month"},
    {"months", "month"},  {"year", "year"},
    {"years", "year"},    {"percent", "%"},
    {"usd", "USD"},       {"dollar", "USD"},
    {"dollars", "USD"},   {"eur", "EUR"},
    {"euro", "EUR"},      {"euros", "EUR"},
    {"gbp", "GBP"},       {"pound", "GBP"},
    {"pounds", "GBP"},    {"cad", "CAD"},
    {"aed", "AED"},       {"km", "km"},
    {"kilometre", "km"},  {"kilometres", "km"},
    {"kilometer", "km"},  {"kilometers", "km"},
    {"nm", "nm"},         {"miles", "mile"},
    {"kg", "kg"},         {"kilograms", "kg"},
    {"t", "t"},           {"tonne", "t"},
    {"tonnes", "t"},      {"c", "C"},
    {"celsius", "C"},     {"degrees", "C"},
    {"passenger", "pax"}, {"passengers", "pax"},
    {"pax", "pax"},       {"guest", "pax"},
    {"guests", "pax"},    {"people", "pax"},
    {"sector", "sector"}, {"sectors", "sector"},
    {"flight", "flight"}, {"flights", "flight"},
    {"seats", "seat"},    {"crew", "crew"},
    {"pilots", "pilot"},  {"connections", "connection"},
});

bool among(Words words, std::string_view word) { return std::ranges::find(words, word) != words.end(); }

bool holds_one_of(Words parts, std::string_view word) {
  return std::ranges::any_of(
      parts, [word](std::string_view part) { return word.find(part) != std::string_view::npos; });
}

}  // namespace

bool is_function_word(std::string_view word) { return among(function_words, word); }

bool is_negator(std::string_view word) { return word.ends_with("n't") || among(negators, word); }

bool begins_statement(std::string_view word) { return among(statement_openers, word); }

bool is_coordinator(std::string_view word) { return word == "and" || word == "or" || word == "nor"; }

bool is_number_word(std::string_view word) {
  // "due" counts in Italian, but it is English here.
  return word != "due" && (among(number_words, word) || holds_one_of(number_parts, word));
}

bool is_hedge(std::string_view word) { return among(hedges, word); }

bool is_judgement(std::string_view word) {
  const bool begins =
      std::ranges::any_of(judgements, [word](std::string_view stem) { return word.starts_with(stem); });
  return begins || among(whole_judgements, word);
}

bool is_foreign_verdict(std::string_view word) { return holds_one_of(foreign_verdicts, word); }

std::optional<WordGroup> group_of(std::string_view word) {
  const auto found = std::ranges::find(grouped_words, word, &Grouped::word);
  return found == grouped_words.end() ? std::nullopt : std::optional(found->group);
}

std::string_view unit_of(std::string_view word) {
  const auto found = std::ranges::find(units, word, &Unit::word);
  return found == units.end() ? std::string_view() : found->unit;
}

std::string stem_of(std::string_view word) {
  constexpr std::size_t shortest = 3;
  for (const std::string_view ending : {"'s", "ing", "ed", "es", "s", "e"}) {
    if (word.ends_with(ending) && word.size() >= shortest + ending.size()) {
      word.remove_suffix(ending.size());
      break;
    }
  }
  std::string stem(word);
  if (stem.ends_with('y')) stem.back() = 'i';
  return stem;
}

}  // namespace skymarshal::agents::wording
