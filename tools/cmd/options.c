/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * options.c: every option of every verb, once. Long names are also the keys of furlong.conf.
 */
#include <stddef.h>

#include "cmd/cmd.h"

#define AT(member) offsetof(struct fl_settings, member)
#define READERS                                                                                              \
	(FL_VERB_RUN | FL_VERB_REPORT | FL_VERB_CHECK | FL_VERB_SHOW | FL_VERB_FILES | FL_VERB_FUNCTIONS |   \
		FL_VERB_DOCTOR | FL_VERB_RACES | FL_VERB_DIFF)
#define TABLES   (FL_VERB_SHOW | FL_VERB_FILES | FL_VERB_FUNCTIONS)
#define GATED    (FL_VERB_RUN | FL_VERB_CHECK | FL_VERB_REPORT)
#define COMPARED (FL_VERB_RUN | FL_VERB_CHECK | FL_VERB_REPORT | FL_VERB_DIFF)
#define RACING   (FL_VERB_RUN | FL_VERB_CHECK | FL_VERB_REPORT | FL_VERB_RACES | FL_VERB_SHOW)
#define ALL      (~0u)

const struct fl_option fl_option_table[] = {
	{"data", 'd', "DIR", FL_OPTION_PATH, AT(data), READERS,
		"where data are kept (FURLONG_DATA, else ./furlong-data)"},
	{"report", 'r', "DIR", FL_OPTION_PATH, AT(report), FL_VERB_RUN,
		"where the pages go (./furlong-report)"},
	{"label", 'l', "NAME", FL_OPTION_STRING, AT(label), FL_VERB_RUN | FL_VERB_MERGE,
		"the name of the test whose counts these are"},
	{"fresh", 0, NULL, FL_OPTION_FLAG, AT(fresh), FL_VERB_RUN,
		"forget earlier data; without it runs add up"},
	{"no-report", 0, NULL, FL_OPTION_FLAG, AT(no_report), FL_VERB_RUN, "write no pages"},
	{"html", 0, "DIR", FL_OPTION_PATH, AT(html), FL_VERB_REPORT, "pages for a browser"},
	{"json", 0, "FILE", FL_OPTION_PATH, AT(json), FL_VERB_REPORT, "everything, for scripts"},
	{"lcov", 0, "FILE", FL_OPTION_PATH, AT(lcov), FL_VERB_REPORT,
		"a tracefile for genhtml and the services"},
	{"lcov2", 0, "FILE", FL_OPTION_PATH, AT(lcov2), FL_VERB_REPORT,
		"the same in the dialect of lcov 2.2 and later"},
	{"cobertura", 0, "FILE", FL_OPTION_PATH, AT(cobertura), FL_VERB_REPORT,
		"XML for GitLab, Jenkins, Azure"},
	{"sonar", 0, "FILE", FL_OPTION_PATH, AT(sonar), FL_VERB_REPORT, "SonarQube's generic coverage"},
	{"jacoco", 0, "FILE", FL_OPTION_PATH, AT(jacoco), FL_VERB_REPORT, "JaCoCo's XML"},
	{"coveralls", 0, "FILE", FL_OPTION_PATH, AT(coveralls), FL_VERB_REPORT, "JSON for Coveralls"},
	{"llvm", 0, "FILE", FL_OPTION_PATH, AT(llvm), FL_VERB_REPORT, "JSON as llvm-cov export writes it"},
	{"codequality", 0, "FILE", FL_OPTION_PATH, AT(codequality), FL_VERB_REPORT,
		"races and uncovered changes for GitLab's Code Quality"},
	{"text", 0, "FILE", FL_OPTION_PATH, AT(text), FL_VERB_REPORT, "a table of files"},
	{"sarif", 0, "FILE", FL_OPTION_PATH, AT(sarif), FL_VERB_REPORT,
		"races for code scanning services and editors"},
	{"junit", 0, "FILE", FL_OPTION_PATH, AT(junit), FL_VERB_REPORT, "races as test cases that failed"},
	{"markdown", 0, "FILE", FL_OPTION_PATH, AT(markdown), FL_VERB_REPORT, "a summary for a pull request"},
	{"title", 0, "TEXT", FL_OPTION_STRING, AT(title), FL_VERB_RUN | FL_VERB_REPORT,
		"the title of the pages"},
	{"output", 'o', "OUT", FL_OPTION_PATH, AT(output), FL_VERB_MERGE,
		"a file (.cov, .race), or a directory"},
	{"min-lines", 0, "P", FL_OPTION_PERCENT, AT(min_lines), GATED, "fail below P percent of lines"},
	{"min-branches", 0, "P", FL_OPTION_PERCENT, AT(min_branches), GATED,
		"fail below P percent of branches"},
	{"min-functions", 0, "P", FL_OPTION_PERCENT, AT(min_functions), GATED,
		"fail below P percent of functions"},
	{"min-regions", 0, "P", FL_OPTION_PERCENT, AT(min_regions), GATED, "fail below P percent of regions"},
	{"min-mcdc", 0, "P", FL_OPTION_PERCENT, AT(min_mcdc), GATED, "fail below P percent of MC/DC"},
	{"gate", 0, "RULE", FL_OPTION_WORDS, AT(gates), GATED,
		"\"PATTERN: lines 90, branches 80\": fail when all that match are below; may be repeated"},
	{"gate-each", 0, "RULE", FL_OPTION_WORDS, AT(gates_each), GATED,
		"the same for each file that matches"},
	{"min-diff", 0, "P", FL_OPTION_PERCENT, AT(min_diff), GATED,
		"fail below P percent of the lines that changed since --base"},
	{"no-worse", 0, NULL, FL_OPTION_FLAG, AT(no_worse), GATED,
		"fail when a file is worse than in --base-data"},
	{"max-lost", 0, "N", FL_OPTION_NUMBER, AT(max_lost), GATED,
		"fail above N unchanged lines that ran in --base-data and do no more"},
	{"max-races", 0, "N", FL_OPTION_NUMBER, AT(max_races), GATED,
		"fail above N races that are neither suppressed nor accepted"},
	{"baseline", 0, "FILE", FL_OPTION_PATH, AT(baseline), RACING,
		"races that are accepted; others fail (`furlong races --accept FILE` writes it)"},
	{"accept", 0, "FILE", FL_OPTION_PATH, AT(accept), FL_VERB_RACES,
		"write the races of these data as accepted ones; what FILE says of them stays"},
	{"owner", 0, "NAME", FL_OPTION_STRING, AT(owner), FL_VERB_RACES, "whose the newly accepted ones are"},
	{"until", 0, "DATE", FL_OPTION_STRING, AT(until), FL_VERB_RACES,
		"the last day on which they are accepted, as YYYY-MM-DD"},
	{"allow-lost", 0, NULL, FL_OPTION_FLAG, AT(allow_lost), GATED,
		"let gates pass on data that are not complete"},
	{"base", 0, "REV", FL_OPTION_STRING, AT(base), COMPARED,
		"what to compare with: a revision of git; from where it and HEAD part"},
	{"base-data", 0, "DATA", FL_OPTION_WORDS, AT(base_data), COMPARED,
		"what was covered there: data, or a report (JSON, lcov, Cobertura); may be repeated"},
	{"blame", 0, NULL, FL_OPTION_FLAG, AT(blame), COMPARED,
		"who wrote the lines that changed coverage, and when"},
	{"include", 'i', "GLOB", FL_OPTION_WORDS, AT(filter.include), READERS,
		"only files that match; may be repeated; `*` matches `/` too"},
	{"exclude", 'e', "GLOB", FL_OPTION_WORDS, AT(filter.exclude), READERS,
		"no files that match; may be repeated; a directory means all in it"},
	{"system-headers", 0, NULL, FL_OPTION_FLAG, AT(filter.system_headers), READERS,
		"show files of /usr and the compiler too"},
	{"path-map", 0, "FROM=TO", FL_OPTION_WORDS, AT(filter.path_map), READERS,
		"sources that were compiled at FROM are at TO; may be repeated"},
	{"root", 0, "DIR", FL_OPTION_PATH, AT(filter.root), READERS,
		"show paths relative to DIR (the working tree, or what holds all files)"},
	{"uncovered", 'u', NULL, FL_OPTION_FLAG, AT(uncovered), TABLES, "only what was not covered"},
	{"json", 0, NULL, FL_OPTION_FLAG, AT(as_json),
		TABLES | FL_VERB_RACES | FL_VERB_DIFF | FL_VERB_DUMP | FL_VERB_VERSION, "as JSON"},
	{"cflags", 0, NULL, FL_OPTION_FLAG, AT(cflags), FL_VERB_FLAGS, "print the flags to compile with"},
	{"libs", 0, NULL, FL_OPTION_FLAG, AT(libs), FL_VERB_FLAGS, "print the flags to link with"},
	{"no-probe", 0, NULL, FL_OPTION_FLAG, AT(no_probe), FL_VERB_DOCTOR, "compile and run nothing"},
	{"quiet", 'q', NULL, FL_OPTION_FLAG, AT(quiet), FL_VERB_RUN | FL_VERB_REPORT | FL_VERB_CHECK,
		"no summary, only failures"},
	{"config", 0, "FILE", FL_OPTION_PATH, AT(config), ALL,
		"read options from FILE instead of furlong.conf"},
	{"no-config", 0, NULL, FL_OPTION_FLAG, AT(no_config), ALL, "read no furlong.conf"},
};
const size_t fl_option_count = sizeof fl_option_table / sizeof *fl_option_table;
