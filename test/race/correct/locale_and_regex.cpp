// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Every thread makes and uses regular expressions and facets of the one global locale.
#include <iomanip>
#include <locale>
#include <regex>
#include <sstream>
#include <string>

#include "correct.h"

int main()
{
	static const std::regex shared("([a-z]+)=([0-9]+)");
	in_threads(4, [](int me) {
		for (int n = 0; n < 10; n++) {
			std::string text = "width=" + std::to_string(n * 10 + me) + ";";
			std::smatch found;
			REQUIRE(std::regex_search(text, found, shared));
			REQUIRE(found[1] == "width" && std::stoi(found[2]) == n * 10 + me);
			std::regex own("[[:alpha:]]{2,}\\s*[=:]", std::regex::icase);
			REQUIRE(std::regex_search(text, own));
			std::locale here;
			REQUIRE(std::use_facet<std::ctype<char>>(here).toupper('q') == 'Q');
			std::ostringstream out;
			out.imbue(here);
			out << std::put_money(1234.0);
			REQUIRE(std::toupper('x', std::locale::classic()) == 'X');
		}
	});
	return 0;
}
