/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * verbs.c: the table of verbs.
 */
#include <string.h>

#include "cmd/cmd.h"

const struct fl_verb fl_verbs[] = {
	{"run", FL_VERB_RUN, fl_cmd_run, "run [OPTIONS] [--] PROG [ARGS...]",
		"run a program, collect, summarise, write the pages",
		"PROG keeps its own input, output and exit status; `furlong PROG` means the same. Counts of "
		"the same\n"
		"binary add up from run to run until --fresh. Where PROG gave 0, a race of this run gives "
		"66, a "
		"failed\n"
		"gate 1."},
	{"report", FL_VERB_REPORT, fl_cmd_report, "report [OPTIONS] [DATA...]",
		"write a report: pages, JSON, lcov, SARIF and more, several at once",
		"DATA are data files, directories of them, or instrumented binaries (as if never run). FILE "
		"may be `-`.\n"
		"Without a format it writes pages to ./furlong-report."},
	{"check", FL_VERB_CHECK, fl_cmd_check, "check [OPTIONS] [DATA...]",
		"fail when coverage is below a limit, or races are above one; names what failed", NULL},
	{"show", FL_VERB_SHOW, fl_cmd_show, "show FILE[:LINE[-LINE]] | files | functions | races [DATA...]",
		"the facts in the terminal",
		"FILE may be any unique end of a path: `parse.c`, `src/parse.c:120`. Lines: + ran, ~ partly, "
		"- "
		"never, x excluded.\n"
		"On a terminal in colour (not with NO_COLOR) and through FURLONG_PAGER, PAGER or less; "
		"elsewhere "
		"^ points\n"
		"at text that never ran and ~ at a condition that misses an outcome."},
	{"files", FL_VERB_FILES, fl_cmd_files, "files [OPTIONS] [DATA...]", "files with their coverage",
		NULL},
	{"functions", FL_VERB_FUNCTIONS, fl_cmd_functions, "functions [OPTIONS] [DATA...]",
		"functions with how often they were entered", NULL},
	{"races", FL_VERB_RACES, fl_cmd_races, "races [OPTIONS] [FINGERPRINT] [DATA...]",
		"races that were found; one of them with both stacks",
		"FINGERPRINT may be any beginning of one, of 4 digits or more. The same race in several "
		"processes\n"
		"and runs is one. Suppressed ones stand last and do not count."},
	{"diff", FL_VERB_DIFF, fl_cmd_diff, "diff [OPTIONS] A B | --base REV [DATA...]",
		"what a patch covers; lines that gained and lost coverage",
		"A and B are data or reports (JSON, lcov, Cobertura, gcov, llvm-cov), of the same sources, "
		"be it of "
		"other\n"
		"builds or compilers. With --base REV the lines that changed since REV and HEAD parted are "
		"looked at "
		"in DATA,\n"
		"and with --base-data all lines get one of twelve categories: UNC and GNC are new code, LBC "
		"and GBC "
		"unchanged\n"
		"code that lost or gained coverage."},
	{"tests", FL_VERB_TESTS, fl_cmd_tests,
		"tests [--for FILE:LINE | --affected-by REV | --smallest] [DATA...]",
		"which test runs what, and which are needed",
		"A test is what a label names: `furlong run --label`, FURLONG_LABEL, "
		"furlong_coverage_label(), or a "
		"listener\n"
		"of the test framework. Without an option: of each test how many lines it runs, and how many "
		"no other "
		"does.\n"
		"--for and --affected-by print names alone, one a line."},
	{"merge", FL_VERB_MERGE, fl_cmd_merge, "merge -o OUT IN...", "add up data files",
		"One file for each binary and label; with --tests one for each binary, and beside it what "
		"each test "
		"counted.\n"
		"An existing file is only replaced when it is one of "
		"IN; those of IN that stand in the directory OUT are gone then."},
	{"dump", FL_VERB_DUMP, fl_cmd_dump, "dump [--json] FILE...",
		"print a data file's structures as they are", NULL},
	{"flags", FL_VERB_FLAGS, fl_cmd_flags, "flags [coverage|race|all] [--cflags|--libs]",
		"the path of the flags file: CFLAGS=\"--config=$(furlong flags coverage)\"", NULL},
	{"doctor", FL_VERB_DOCTOR, fl_cmd_doctor, "doctor [BINARY|DATA...]",
		"find what is wrong with an installation, a build or data, and how to mend it",
		"Without arguments it looks at this installation and at the data directory. It compiles and "
		"runs a\n"
		"small program with every clang it finds, in a temporary directory."},
	{"version", FL_VERB_VERSION, fl_cmd_version, "version [--json]",
		"version of the tool and of its formats", NULL},
	{"help", FL_VERB_HELP, fl_cmd_help, "help [VERB]", "this, or all about one verb", NULL},
};
const size_t fl_verb_count = sizeof fl_verbs / sizeof *fl_verbs;

/* What the runtime starts; help and suggestions pass it over. */
static const struct fl_verb symbolize = {"symbolize", FL_VERB_SYMBOLIZE, fl_cmd_symbolize, "symbolize",
	"lines of the runtime's reports", NULL};

const struct fl_verb *fl_verb_find(const char *name)
{
	if (!strcmp(name, symbolize.name))
		return &symbolize;
	for (size_t i = 0; i < fl_verb_count; i++)
		if (!strcmp(fl_verbs[i].name, name))
			return &fl_verbs[i];
	return NULL;
}

int fl_verb_unknown(const char *name, struct fl_error *error)
{
	const char *names[sizeof fl_verbs / sizeof *fl_verbs];
	for (size_t i = 0; i < fl_verb_count; i++)
		names[i] = fl_verbs[i].name;
	const char *nearest = fl_text_nearest(name, names, fl_verb_count);
	return fl_error_set(error, FL_EXIT_USAGE, "unknown verb '%s'%s%s; `furlong help` lists them", name,
		nearest ? "; did you mean " : "", nearest ? nearest : "");
}
