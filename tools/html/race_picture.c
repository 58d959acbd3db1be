/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_picture.c: the threads of a race as lanes, time downwards: who created whom, where each access is,
 * under which locks; what the later one's thread had last heard of the other; and between the accesses
 * nothing. Only what the data say is drawn. SVG without script or inline style.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "race_below.h"
#include "util/memory.h"

enum {
	LANES_MAX = 6,
	GAP = 22,   /* between boxes side by side */
	LETTER = 8, /* width, at most */
	HEAD = 34,  /* above the first event */
	STEP = 30,  /* between small events */
	BOX_HEIGHT = 62,
	TEXT_LEAST = 18, /* letters in a box */
	TEXT_MOST = 34,
};

struct lane {
	uint32_t thread;
	int begin; /* y */
};

struct picture {
	struct fl_race_writer *writer;
	struct fl_emit *out;
	const struct fl_race *race;
	struct lane lanes[LANES_MAX];
	size_t count;
	int box; /* width */
	int y;
};

static size_t find_lane(const struct picture *picture, uint32_t thread)
{
	for (size_t i = 0; i < picture->count; i++)
		if (picture->lanes[i].thread == thread)
			return i;
	return SIZE_MAX;
}

/* Lanes stand in the order of the threads' numbers, which is that of their creation. */
static void add_lane(struct picture *picture, uint32_t thread)
{
	size_t at = picture->count;
	if (find_lane(picture, thread) != SIZE_MAX || picture->count == LANES_MAX)
		return;
	for (; at && picture->lanes[at - 1].thread > thread; at--)
		picture->lanes[at] = picture->lanes[at - 1];
	picture->lanes[at] = (struct lane){thread, 0};
	picture->count++;
}

static void add_line_of_birth(struct picture *picture, uint32_t thread)
{
	for (size_t i = 0; i < LANES_MAX; i++) {
		const struct fl_race_thread *facts = fl_race_find_thread(picture->race, thread);
		add_lane(picture, thread);
		if (!thread || !facts || facts->parent == thread)
			return;
		thread = facts->parent;
	}
}

static int center(const struct picture *picture, size_t lane)
{
	int width = picture->box + GAP;
	return (int)lane * width + width / 2;
}

static void put(struct picture *picture, const char *text)
{
	fl_emit_bytes(picture->out, text, strlen(text));
}

/* Markup of ours with numbers in it. */
__attribute__((format(printf, 2, 3))) static void draw(struct picture *picture, const char *format, ...)
{
	char text[256];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	put(picture, text);
}

static bool begins_letter(char byte)
{
	return ((unsigned char)byte & 0xc0) != 0x80;
}

static int letters_of(const char *text)
{
	int letters = 0;
	for (; *text; text++)
		letters += begins_letter(*text);
	return letters;
}

static void write_text(struct picture *picture, const char *class, int x, int y, const char *text)
{
	int letters = 0;
	size_t kept = 0;
	for (; text[kept]; kept++)
		if ((letters += begins_letter(text[kept])) > TEXT_MOST)
			break;
	draw(picture, "<text class=%s x=%d y=%d>", class, x, y);
	fl_emit_text(picture->out, text, kept);
	put(picture, text[kept] ? "…</text>\n" : "</text>\n");
}

/* An arrow from one lane to another, with a word above it. */
static void draw_arrow(struct picture *picture, size_t from, size_t to, const char *word)
{
	int way = from < to ? -1 : 1, begin = center(picture, from), end = center(picture, to);
	draw(picture, "<path class=order d=\"M%d %dH%dm%d -4l%d 4l%d 4\"/>\n", begin, picture->y,
		end + way * 5, way * 6, -way * 6, way * 6);
	write_text(picture, "small", end + way * (picture->box + GAP) / 2, picture->y - 5, word);
	picture->y += STEP;
}

static void draw_births(struct picture *picture)
{
	for (size_t i = 0; i < picture->count; i++) {
		struct lane *lane = &picture->lanes[i];
		const struct fl_race_thread *facts = fl_race_find_thread(picture->race, lane->thread);
		size_t parent = lane->thread && facts ? find_lane(picture, facts->parent) : SIZE_MAX;
		lane->begin = HEAD - 8;
		if (parent == SIZE_MAX || parent == i)
			continue;
		lane->begin = picture->y;
		draw_arrow(picture, parent, i, "creates");
	}
}

/* A point of a lane, with words beside it. */
static void draw_event(struct picture *picture, size_t lane, const char *words)
{
	int x = center(picture, lane);
	draw(picture, "<circle cx=%d cy=%d r=4 />\n", x, picture->y);
	write_text(picture, "beside", x + 10, picture->y + 4, words);
	picture->y += STEP;
}

static void draw_allocation(struct picture *picture)
{
	const struct fl_race_location *location = &picture->race->location;
	size_t lane = location->place == FL_PLACE_HEAP && location->allocated.count
			      ? find_lane(picture, location->thread)
			      : SIZE_MAX;
	if (lane != SIZE_MAX)
		draw_event(picture, lane, "allocates");
}

static const char *held_by(struct picture *picture, const struct fl_access *access)
{
	struct fl_arena *arena = picture->writer->arena;
	const char *text = "holds ";
	if (!access->held_count)
		return "holds no lock";
	if (access->held_count > 3 && !fl_race_has_common_lock(picture->race))
		return fl_arena_format(arena, "holds %zu locks", access->held_count);
	for (size_t i = 0; i < access->held_count; i++)
		text = fl_arena_format(arena, "%s%sM%u%s", text, i ? ", " : "", access->held[i].lock,
			fl_race_lock_is_common(picture->race, access->held[i].lock) ? " (both)" : "");
	return text;
}

/* "…name.c:123": of a place the end says more than the beginning. */
static const char *place_of(struct picture *picture, const struct fl_access *access)
{
	struct fl_arena *arena = picture->writer->arena;
	const struct fl_frame *top = fl_race_top(&access->stack);
	const char *slash = top && top->file ? strrchr(top->file, '/') : NULL;
	if (!top || !top->file)
		return "in a place unknown";
	const char *place = fl_arena_format(arena, "%s:%u", slash ? slash + 1 : top->file, top->line);
	int letters = letters_of(place);
	if (letters <= TEXT_MOST)
		return place;
	while (letters > TEXT_MOST - 1 || !begins_letter(*place))
		letters -= begins_letter(*place++);
	return fl_arena_format(arena, "…%s", place);
}

static const char *deed_of(struct picture *picture, const struct fl_access *access)
{
	return fl_arena_format(picture->writer->arena, "%s%s", access->atomic ? "atomic " : "", access->op);
}

static void draw_access(struct picture *picture, const struct fl_access *access)
{
	size_t lane = find_lane(picture, access->thread);
	if (lane == SIZE_MAX)
		return;
	int x = center(picture, lane), y = picture->y;
	draw(picture, "<rect class=%s x=%d y=%d width=%d height=%d rx=5 />\n",
		access->held_count ? "locked" : "bare", x - picture->box / 2, y, picture->box, BOX_HEIGHT);
	write_text(picture, "deed", x, y + 18, deed_of(picture, access));
	write_text(picture, "place", x, y + 35, place_of(picture, access));
	write_text(picture, "small", x, y + 52, held_by(picture, access));
}

/* Releases that the other thread has not heard of. */
static void draw_unheard(struct picture *picture, size_t lane, uint64_t releases)
{
	if (lane != SIZE_MAX && releases)
		draw_event(picture, lane, "releases, unheard");
}

/* From the side of the earlier access's box, so that it crosses no words beside that one's lane, to the top
 * of the later one's. */
static void draw_missing(struct picture *picture, size_t from, size_t to, int top, int bottom)
{
	int side = picture->box / 2, begin = center(picture, from) + (from < to ? side : -side);
	int end = center(picture, to), middle = top + BOX_HEIGHT / 2;
	draw(picture, "<path class=missing d=\"M%d %dL%d %d\"/>\n", begin, middle, end, bottom);
	write_text(picture, "no", begin + (end - begin) / 4 + (from < to ? 40 : -40),
		middle + (bottom - middle) / 4 + 4, "no order");
}

/* The earlier access stands above the later one, in its own lane; the broken line is the order that is
 * missing. */
static void draw_accesses(struct picture *picture)
{
	const struct fl_race *race = picture->race;
	size_t from = find_lane(picture, race->accesses[1].thread),
	       to = find_lane(picture, race->accesses[0].thread);
	bool both = from != SIZE_MAX && to != SIZE_MAX;
	if (race->order.heard && both)
		draw_arrow(picture, from, to, "last heard");
	draw_unheard(picture, from, race->order.before);
	int top = picture->y, begin = top + BOX_HEIGHT, end = begin + STEP + (race->order.since ? STEP : 0);
	draw_access(picture, &race->accesses[1]);
	if (both)
		draw_missing(picture, from, to, top, end);
	picture->y = begin + STEP / 2;
	draw_unheard(picture, from, race->order.since);
	picture->y = end;
	draw_access(picture, &race->accesses[0]);
	picture->y += BOX_HEIGHT;
}

static void draw_lanes(struct picture *picture, int end)
{
	for (size_t i = 0; i < picture->count; i++) {
		const struct lane *lane = &picture->lanes[i];
		const struct fl_race_thread *facts = fl_race_find_thread(picture->race, lane->thread);
		draw(picture, "<path class=lane d=\"M%d %dV%d\"/>\n", center(picture, i), lane->begin, end);
		if (facts && !facts->running && lane->thread)
			draw(picture, "<path class=lane d=\"M%d %dh12\"/>\n", center(picture, i) - 6, end);
		write_text(picture, "name", center(picture, i),
			lane->thread && lane->begin > HEAD ? lane->begin - 12 : 18,
			fl_race_thread_title(picture->race, lane->thread, picture->writer->arena));
	}
}

/* A box holds its texts, as far as that is sensible. */
static int box_width(struct picture *picture)
{
	int letters = TEXT_LEAST;
	for (size_t i = 0; i < 2; i++) {
		const struct fl_access *access = &picture->race->accesses[i];
		const char *texts[] = {place_of(picture, access), held_by(picture, access)};
		for (size_t j = 0; j < sizeof texts / sizeof *texts; j++)
			letters = letters_of(texts[j]) > letters ? letters_of(texts[j]) : letters;
	}
	return LETTER * (letters < TEXT_MOST ? letters : TEXT_MOST) + 2 * LETTER;
}

static void draw_all(struct picture *picture)
{
	draw_births(picture);
	draw_allocation(picture);
	draw_accesses(picture);
}

/* Lanes go below the rest, and how long they are is known when the rest was drawn: it is drawn in a buffer.
 */
static void emit_picture(struct picture *picture, struct fl_emit *page)
{
	struct fl_emit rest;
	int width = (int)picture->count * (picture->box + GAP) + 2 * GAP; /* words beside the last lane */
	fl_emit_init(&rest);
	picture->out = &rest;
	draw_all(picture);
	picture->out = page;
	draw(picture, "<svg role=img aria-labelledby=picture-title viewBox=\"0 0 %d %d\" width=%d height=%d>",
		width, picture->y + 26, width, picture->y + 26);
	put(picture, "<title id=picture-title>Time runs downwards. The accesses are in two threads, and "
		     "nothing leads "
		     "from the earlier one to the later one.</title>\n");
	draw_lanes(picture, picture->y + 18);
	fl_emit_bytes(page, rest.data, rest.used);
	put(picture, "</svg>\n");
	fl_emit_free(&rest);
}

void fl_race_picture_emit(struct fl_race_writer *writer, const struct fl_race *race)
{
	struct fl_emit *out = writer->page.out;
	struct picture picture = {.writer = writer, .race = race, .y = HEAD + 10};
	if (!fl_race_is_of_accesses(race) || race->access_count < 2 ||
		race->accesses[0].thread == race->accesses[1].thread)
		return;
	for (size_t i = 0; i < 2; i++)
		add_line_of_birth(&picture, race->accesses[i].thread);
	if (race->location.place == FL_PLACE_HEAP && race->location.allocated.count)
		add_lane(&picture, race->location.thread);
	picture.box = box_width(&picture);
	EMIT(out, "<figure class=picture tabindex=0 aria-label=\"The threads around the race\">\n");
	emit_picture(&picture, out);
	const char *says = fl_race_order_says(race, writer->arena);
	EMIT(out, "<figcaption>Time runs downwards. An arrow is order; between the two accesses there is "
		  "none.");
	if (says) {
		EMIT(out, " ");
		fl_emit_string(out, says);
	}
	EMIT(out, "</figcaption></figure>\n");
}
