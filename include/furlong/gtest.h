/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * gtest.h: each test of GoogleTest counts under its name, "Suite.Test". Include it in one source of the test
 * program; nothing need be called.
 */
#ifndef FURLONG_GTEST_H
#define FURLONG_GTEST_H

#include <furlong/furlong.h>
#include <gtest/gtest.h>

#include <string>

namespace furlong
{

class test_listener : public testing::EmptyTestEventListener
{
	void OnTestStart(const testing::TestInfo &test) override
	{
		furlong_coverage_label((std::string(test.test_case_name()) + "." + test.name()).c_str());
	}

	void OnTestEnd(const testing::TestInfo &) override
	{
		furlong_coverage_label("");
	}
};

/* GoogleTest owns and deletes it. */
__attribute__((unused)) static const bool listens =
	(testing::UnitTest::GetInstance()->listeners().Append(new test_listener), true);

} // namespace furlong

#endif
