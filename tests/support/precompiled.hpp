// What nearly every test needs, parsed once.
#pragma once

#include "../../cmake/precompiled.hpp"

// GoogleTest comes before RapidCheck's adapter to it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>
