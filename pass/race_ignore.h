/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_ignore.h: what a user's ignore list takes out of race detection.
 *
 * The list has the grammar of -fsanitize-ignorelist; sections [thread] and [race] are for us, as is all that
 * stands in no section. It is named by `-Xclang -default-function-attr -Xclang furlong-ignorelist=FILE`,
 * because clang keeps -fsanitize-ignorelist to itself while no sanitizer of its own is on.
 */
#ifndef FURLONG_PASS_RACE_IGNORE_H
#define FURLONG_PASS_RACE_IGNORE_H

#include "race.h"
#include "llvm/Support/SpecialCaseList.h"
#include <memory>

namespace furlong
{

class RaceIgnoreList
{
      public:
	/* Reads the list that the module's functions name. A list that cannot be read is an error of the
	 * compilation. */
	explicit RaceIgnoreList(llvm::Module &module);

	/* By fun:NAME, by src:FILE, or by an attribute of its own. */
	bool contains(const llvm::Function &function) const;

	/* By global:NAME and type:NAME. */
	void removeIgnored(llvm::SmallVectorImpl<Access> &accesses, RaceCounts &counts) const;

      private:
	bool lists(llvm::StringRef prefix, llvm::StringRef name) const;
	bool contains(const Access &access) const;

	std::unique_ptr<llvm::SpecialCaseList> list;
};

} // namespace furlong

#endif
