#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# symbols.sh LIBRARY: the runtime shows its ABI, its public functions and what it interposes, and takes from libc
# neither memory, stdio nor locale.
set -eu
bad=0
for name in $(nm -D --defined-only "$1" | awk '{print $3}' | sed 's/@.*//'); do
	case $name in
	furlong_* | __furlong_* | pthread_create | thrd_create | clone | syscall | _Fork | _exit | _Exit | exec[vl]* | abort | dlclose | __assert_fail) ;;
	*) echo "exports $name"; bad=1 ;;
	esac
done
for name in $(nm -D --undefined-only "$1" | awk '{print $2}' | sed 's/@.*//'); do
	case $name in
	mem* | str* | dlsym | dl_iterate_phdr | getauxval | getenv | environ | __environ | getrlimit | __errno_location) ;;
	__register_atfork | __cxa_at_quick_exit | __cxa_finalize | __gmon_start__ | _ITM_* | __tls_get_addr) ;;
	*) echo "imports $name"; bad=1 ;;
	esac
done
if readelf -d "$1" | grep NEEDED | grep -v 'libc\.so\|ld-linux'; then
	echo "needs more than libc"
	bad=1
fi
exit $bad
