// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Standard streams used by several threads at once: cerr and cout as they are, string streams of their own,
// and a synchronised stream that gathers whole lines.
#include <fstream>
#include <iomanip>
#include <iostream>
#include <sstream>
#include <syncstream>

#include "correct.h"

int main()
{
	std::ostringstream gathered;
	in_threads(4, [&](int me) {
		for (int n = 0; n < 50; n++) {
			std::ostringstream own;
			own << std::setw(6) << n << ' ' << std::hex << 255 << ' ' << 1.5 << ' '
			    << std::boolalpha << true;
			std::istringstream back(own.str());
			int number;
			std::string word;
			REQUIRE(back >> number >> word && number == n && word == "ff");
			std::cout << "";
			std::cout.put('.').flush();
			std::osyncstream(gathered) << "thread " << me << " line " << n << '\n';
		}
	});
	std::cout << '\n';
	std::istringstream lines(gathered.str());
	int count = 0;
	for (std::string line; std::getline(lines, line); count++)
		REQUIRE(line.compare(0, 7, "thread ") == 0);
	REQUIRE(count == 200);
	return 0;
}
