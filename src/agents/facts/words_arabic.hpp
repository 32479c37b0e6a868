// Arabic words and what they mean to the prompt readers; see lexicon.hpp.
// Constant data, included by lexicon.cpp alone. Only what a delay is made of.
#pragma once

#include "agents/facts/lexicon.hpp"

namespace skymarshal::agents::facts {

// clang-format off
inline constexpr WordMeaning arabic_words[] = {
    {"ساعة", Term::hour}, {"ساعات", Term::hour},
    {"دقيقة", Term::minute}, {"دقائق", Term::minute},
    {"تأخير", Term::delay}, {"متأخرة", Term::delay}, {"تأخر", Term::delay},
    {"راكب", Term::passenger}, {"ركاب", Term::passenger}, {"راكبا", Term::passenger},
    {"مسافر", Term::passenger},
    {"رحلة", Term::flight}, {"الرحلة", Term::flight},
    {"من", Term::filler}, {"لمدة", Term::filler},
    {"من", Term::from},
    {"إلى", Term::to},
    {"ضباب", Term::weather, int(PhenomenonIndex::fog)},
    {"الضباب", Term::weather, int(PhenomenonIndex::fog)},
    {"عطل", Term::failure}, {"خلل", Term::failure},
    {"فني", Term::technical}, {"تقني", Term::technical},
    {"لا", Term::negation}, {"بدون", Term::negation},
};
// clang-format on

}  // namespace skymarshal::agents::facts
