/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * catch2.h: each test case of Catch2 (2 or 3) counts under its name. Include it in one source of the test
 * program, after catch.hpp in version 2 and after catch_amalgamated.hpp; nothing need be called.
 */
#ifndef FURLONG_CATCH2_H
#define FURLONG_CATCH2_H

#include <furlong/furlong.h>

#ifdef CATCH_AMALGAMATED_HPP_INCLUDED
namespace furlong
{
using catch_base = Catch::EventListenerBase;
}
#elif __has_include(<catch2/reporters/catch_reporter_event_listener.hpp>)
#include <catch2/catch_test_case_info.hpp>
#include <catch2/reporters/catch_reporter_event_listener.hpp>
#include <catch2/reporters/catch_reporter_registrars.hpp>
namespace furlong
{
using catch_base = Catch::EventListenerBase;
}
#else
#include <catch2/catch.hpp>
namespace furlong
{
using catch_base = Catch::TestEventListenerBase;
}
#endif

namespace furlong
{

class test_listener : public catch_base
{
      public:
	using catch_base::catch_base;

	void testCaseStarting(const Catch::TestCaseInfo &test) override
	{
		furlong_coverage_label(test.name.c_str());
		catch_base::testCaseStarting(test);
	}

	void testCaseEnded(const Catch::TestCaseStats &stats) override
	{
		catch_base::testCaseEnded(stats);
		furlong_coverage_label("");
	}
};

CATCH_REGISTER_LISTENER(test_listener)

} // namespace furlong

#endif
