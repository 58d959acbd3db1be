/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Directories out of paths, their sums and orders; and the names of pages.
 */
#include "test.h"

#include <stdio.h>

#include "html/name.h"
#include "html/tree.h"

static struct fl_file file_of(const char *path, uint64_t found, uint64_t hit)
{
	return (struct fl_file){.path = path, .totals = {.lines = {found, hit}}};
}

/* The tree as text: (name:files:found/hit children...) in an order. */
static void describe(const struct fl_tree *tree, uint32_t node, enum fl_tree_order order, char *text)
{
	const struct fl_tree_node *self = &tree->nodes[node];
	sprintf(text + strlen(text), "(%.*s:%u:%d/%d", (int)(self->path_length - self->name_start),
		self->path + self->name_start, self->files, (int)self->totals.lines.hit,
		(int)self->totals.lines.found);
	uint32_t items[64];
	fl_tree_sort(tree, node, order, items);
	for (uint32_t i = 0; i < self->children; i++)
		describe(tree, items[i], order, text);
	strcat(text, ")");
}

static void check(struct fl_file *files, size_t count, enum fl_tree_order order, const char *expected)
{
	struct fl_model model = {.files = files, .file_count = count};
	struct fl_tree tree;
	char text[2048] = "";
	fl_tree_build(&tree, &model);
	describe(&tree, 0, order, text);
	assert_string_equal(text, expected);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(tree.nodes[tree.node_of_file[i]].file, i);
	fl_tree_free(&tree);
}

static void lone_directories_are_one_node(void **state)
{
	(void)state;
	struct fl_file files[] = {
		file_of("a/b/c/x.c", 4, 1), file_of("a/b/c/y.c", 6, 6), file_of("a/b/d/e/z.c", 1, 0)};
	check(files, 3, FL_TREE_BY_NAME,
		"(:3:7/11(a/b/:3:7/11(c/:2:7/10(x.c:1:1/4)(y.c:1:6/6))(d/e/:1:0/1(z.c:1:0/1))))");
}

static void similar_names_stay_apart(void **state)
{
	(void)state;
	struct fl_file files[] = {file_of("a-b/x.c", 1, 1), file_of("a.c", 1, 1), file_of("a/x.c", 1, 1),
		file_of("ab/x.c", 1, 0)};
	check(files, 4, FL_TREE_BY_NAME,
		"(:4:3/4(a-b/:1:1/1(x.c:1:1/1))(a/:1:1/1(x.c:1:1/1))(ab/:1:0/1(x.c:1:0/1))(a.c:1:1/1))");
}

static void absolute_paths_and_odd_slashes(void **state)
{
	(void)state;
	struct fl_file files[] = {
		file_of("//x.c", 1, 1), file_of("/usr/include/a.h", 1, 1), file_of("b.c", 1, 1)};
	check(files, 3, FL_TREE_BY_NAME,
		"(:3:3/3(//:1:1/1(x.c:1:1/1))(/usr/include/:1:1/1(a.h:1:1/1))(b.c:1:1/1))");
}

static void orders(void **state)
{
	(void)state;
	struct fl_file files[] = {
		file_of("a.c", 10, 10), file_of("b.c", 100, 50), file_of("c.c", 10, 1), file_of("d.c", 0, 0)};
	check(files, 4, FL_TREE_BY_PERCENT, "(:4:61/120(c.c:1:1/10)(b.c:1:50/100)(a.c:1:10/10)(d.c:1:0/0))");
	check(files, 4, FL_TREE_BY_MISSED, "(:4:61/120(b.c:1:50/100)(c.c:1:1/10)(a.c:1:10/10)(d.c:1:0/0))");
}

static void no_files(void **state)
{
	(void)state;
	check(NULL, 0, FL_TREE_BY_NAME, "(:0:0/0)");
}

static void check_name(const char *path, const char *expected)
{
	char name[FL_NAME_BYTES];
	fl_name_page(path, strlen(path), name);
	assert_string_equal(name, expected);
}

static void plain_paths_stay_readable(void **state)
{
	(void)state;
	check_name("src/core/main.c", "src~core~main.c");
	check_name("/usr/include/stdio.h", "~usr~include~stdio.h");
}

static const char *const paths[] = {"a/b.c", "a~b.c", "A/b.c", "a/B.c", "a//b.c", "a_b.c", "a b.c", "a\nb.c",
	"..", ".", "../a/b.c", "/a/b.c", "con", "aux.c", "com1.h", "a/aux.c", "a%2fb.c", "a?b.c",
	"<img src=x onerror=alert(1)>.c", "\"&'", "é.c", "\xff.c", "a/b.c~~missed", "a/b.c~~0123456789ab",
	"a/b.c/", "", " ", "a.c ", "a.c."};

static void names_are_safe_and_differ(void **state)
{
	(void)state;
	enum { COUNT = sizeof paths / sizeof *paths };
	char names[COUNT][FL_NAME_BYTES];
	for (size_t i = 0; i < COUNT; i++) {
		fl_name_page(paths[i], strlen(paths[i]), names[i]);
		assert_int_equal(
			strspn(names[i], "abcdefghijklmnopqrstuvwxyz0123456789._-~"), strlen(names[i]));
		assert_true(names[i][0] != '.' && names[i][0] != '\0');
		assert_true(strncmp(names[i], "con", 3) && strncmp(names[i], "aux", 3) &&
			    strncmp(names[i], "com1", 4));
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(names[i], names[j]);
	}
}

static void long_paths_fit(void **state)
{
	(void)state;
	char path[5000], first[FL_NAME_BYTES], second[FL_NAME_BYTES];
	memset(path, 'a', sizeof path);
	fl_name_page(path, sizeof path, first);
	assert_true(strlen(first) + strlen("~~percent.html") < 143);
	path[0] = 'b';
	fl_name_page(path, sizeof path, second);
	assert_string_not_equal(first, second);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lone_directories_are_one_node),
		cmocka_unit_test(similar_names_stay_apart),
		cmocka_unit_test(absolute_paths_and_odd_slashes),
		cmocka_unit_test(orders),
		cmocka_unit_test(no_files),
		cmocka_unit_test(plain_paths_stay_readable),
		cmocka_unit_test(names_are_safe_and_differ),
		cmocka_unit_test(long_paths_fit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
