/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * leaf_inlined_by_the_linker_leaf.c: the other file.
 */
void leaf(int *p);

void leaf(int *p)
{
	*p = 1; /* leaf */
}
