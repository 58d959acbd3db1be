#include "race/race.h"
#include "race/intercept.h"
#include "race/stack.h"
#include "race/place.h"
#include "core/print.h"
#include <dlfcn.h>
__thread struct fl_race_thread *fl_race_self_thread;
__thread uint32_t fl_race_depth;
bool fl_race_concurrent;
uint64_t fl_shadow_mask; char *fl_shadow_cells;
__thread struct furlong_race_thread __furlong_race_self __attribute__((visibility("default")));
static struct furlong_race_frame mock_frames[1000];
static struct fl_race_person mock_person;
static struct fl_race_thread mock_thread = {.person=&mock_person};
uint32_t fl_context_here(const void *pc, const void *caller, uint32_t size, uint32_t what){ Dl_info i={0}; if (fl_race_concurrent){dladdr(pc,&i); fl_print_message("  ctx pc=%s caller %p size %u what %u depth %lu", i.dli_sname?i.dli_sname:"?", caller,size,what, (unsigned long)(__furlong_race_self.top-mock_frames));} return 7; }
void fl_access(const volatile void *a,size_t n,bool w,uint32_t c){ fl_print_message("access %p %zu %s", (void*)a,n,w?"write":"read"); }
void fl_shadow_reset(const volatile void *a,size_t n){ fl_print_message("reset %p %zu",(void*)a,n); }
void fl_block_mark(const struct fl_race_block *b){ if(fl_race_concurrent) fl_print_message("mark %p %zu freed %d",(void*)b->begin,b->size,b->freed);}
bool fl_block_find(uintptr_t a, struct fl_race_block *b){ b->begin=a; b->size=1; return true;}
struct fl_race_thread *fl_race_thread_of(const struct fl_thread *core){ return core->tid==fl_sys_thread()?&mock_thread:NULL;}
struct furlong_race_cell *fl_shadow_cell(const volatile void*a){ static struct furlong_race_cell c; return &c;}
FL_PUBLIC void furlong_mock_on(int on);
FL_PUBLIC void furlong_mock_on(int on){ fl_race_concurrent=on; fl_race_self_thread=on?&mock_thread:NULL; __furlong_race_self.mask=on; __furlong_race_self.top=mock_frames; if(on) fl_stack_main(&mock_thread);}
FL_PUBLIC void furlong_mock_where(void*p){ struct fl_where w; int d=fl_race_concurrent; fl_race_concurrent=1; fl_where((uintptr_t)p,&w); fl_print_message("where %p %d %p %zu",p,w.kind,(void*)w.begin,w.size); fl_race_concurrent=d;}
