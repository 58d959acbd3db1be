#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# symbols.sh LIBRARY: the runtime takes from libc neither memory, stdio nor locale, and can be loaded late. What it
# shows is test/lint's.
set -eu
bad=0
for name in $(nm -D --undefined-only "$1" | awk '{print $2}' | sed 's/@.*//'); do
	case $name in
	mem* | strerrordesc_np | dlsym | dl_iterate_phdr | getauxval | getenv | environ | __environ | getrlimit) ;;
	__errno_location | __register_atfork | __cxa_at_quick_exit | __cxa_finalize | __gmon_start__ | _ITM_* | __tls_get_addr) ;;
	exit | on_exit | sched_yield | sigfillset | sigdelset) ;;
	# A wait that is cancelled must be told, and a thread asks where its own stack is.
	__sigsetjmp | __pthread_register_cancel | __pthread_unregister_cancel | __pthread_unwind_next) ;;
	pthread_self | pthread_getattr_np | pthread_attr_getstack | pthread_attr_getdetachstate | pthread_attr_destroy) ;;
	# To know which stream, word or descriptor a function of the program is about.
	stdin | stdout | stderr | optind | dirfd) ;;
	# Weak: what the program may define, and a library that is looked at where it is loaded.
	__tsan_default_options | __tsan_default_suppressions | __tsan_on_* | dlopen) ;;
	# Of the C++ library, where there is one: weak, like all that the loader may leave out.
	_ZSt15get_new_handlerv | _ZSt17__throw_bad_allocv | __cxa_get_globals) ;;
	*) echo "imports $name"; bad=1 ;;
	esac
done
# A program that loads an instrumented library has little room for thread-local variables left.
local=$(readelf -lW "$1" | awk '$1 == "TLS" {print $6}')
if [ $((local)) -gt 1536 ]; then
	echo "$((local)) bytes of thread-local variables: more than can be loaded late"
	bad=1
fi
if readelf -d "$1" | grep NEEDED | grep -v 'libc\.so\|ld-linux'; then
	echo "needs more than libc"
	bad=1
fi
exit $bad
