/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * jsoncpp.cpp: many small inline functions at work: parses FILE with jsoncpp, goes through all of it by the
 * containers' iterators, sorts and writes it, TIMES times. */
#include <json/json.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <numeric>
#include <sstream>
#include <string>
#include <vector>

template <class Visit> static void walk(const Json::Value &value, const Visit &visit)
{
	visit(value);
	for (const Json::Value &inner : value)
		walk(inner, visit);
}

static size_t once(const std::string &text)
{
	Json::Value root;
	std::istringstream stream(text);
	stream >> root;

	std::map<std::string, size_t> lengths;
	std::vector<std::string> words;
	walk(root, [&](const Json::Value &value) {
		if (value.isString())
			words.push_back(value.asString());
		if (value.isObject())
			for (const std::string &name : value.getMemberNames())
				lengths[name] += name.size();
	});
	std::sort(words.begin(), words.end());
	words.erase(std::unique(words.begin(), words.end()), words.end());
	size_t total = std::accumulate(lengths.begin(), lengths.end(), words.size(),
		[](size_t sum, const auto &length) { return sum + length.second; });
	return total + Json::FastWriter().write(root).size();
}

int main(int argc, char **argv)
{
	std::ifstream file(argc > 2 ? argv[1] : "");
	std::ostringstream text;
	text << file.rdbuf();
	size_t total = 0;
	for (long n = argc > 2 ? std::strtol(argv[2], nullptr, 10) : 0; n > 0; n--)
		total += once(text.str());
	return total == 0;
}
