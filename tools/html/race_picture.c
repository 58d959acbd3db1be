/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_picture.c: the threads of a race as lanes, time downwards: who created whom, where each access is,
 * under which locks; and between the accesses nothing. Only what the data say is drawn. SVG without script or
 * inline style.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "race_below.h"
#include "util/memory.h"

enum {
	LANES_MAX = 6,
	LANE = 190, /* width */
	HEAD = 34,  /* above the first event */
	STEP = 30,  /* between small events */
	BOX_WIDTH = 168,
	BOX_HEIGHT = 44,
	NAME_MAX_LENGTH = 24,
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

static int center(size_t lane)
{
	return (int)lane * LANE + LANE / 2;
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

static void write_text(struct picture *picture, const char *class, int x, int y, const char *text)
{
	size_t length = strlen(text);
	draw(picture, "<text class=%s x=%d y=%d>", class, x, y);
	if (length > NAME_MAX_LENGTH) {
		size_t kept = NAME_MAX_LENGTH - 1;
		while (kept && ((unsigned char)text[kept] & 0xc0) == 0x80)
			kept--;
		fl_emit_text(picture->out, text, kept);
		put(picture, "…");
	} else {
		fl_emit_text(picture->out, text, length);
	}
	put(picture, "</text>\n");
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
		int way = parent < i ? -1 : 1;
		lane->begin = picture->y;
		draw(picture, "<path class=birth d=\"M%d %dH%dm%d -4l%d 4l%d 4\"/>\n", center(parent),
			picture->y, center(i) + way * 5, way * 6, -way * 6, way * 6);
		write_text(picture, "small", center(i) + way * LANE / 2, picture->y - 5, "creates");
		picture->y += STEP;
	}
}

static void draw_allocation(struct picture *picture)
{
	const struct fl_race_location *location = &picture->race->location;
	size_t lane = location->place == FL_PLACE_HEAP && location->allocated.count
			      ? find_lane(picture, location->thread)
			      : SIZE_MAX;
	if (lane == SIZE_MAX)
		return;
	draw(picture, "<circle cx=%d cy=%d r=4 />\n", center(lane), picture->y);
	write_text(picture, "beside", center(lane) + 10, picture->y + 4, "allocates");
	picture->y += STEP;
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

static const char *place_of(struct picture *picture, const struct fl_access *access)
{
	const struct fl_frame *top = fl_race_top(&access->stack);
	const char *slash = top && top->file ? strrchr(top->file, '/') : NULL;
	if (!top || !top->file)
		return "in a place unknown";
	return fl_arena_format(picture->writer->arena, "%s:%u", slash ? slash + 1 : top->file, top->line);
}

static void draw_access(struct picture *picture, const struct fl_access *access)
{
	size_t lane = find_lane(picture, access->thread);
	if (lane == SIZE_MAX)
		return;
	int x = center(lane);
	draw(picture, "<rect class=%s x=%d y=%d width=%d height=%d rx=5 />\n",
		access->held_count ? "locked" : "bare", x - BOX_WIDTH / 2, picture->y, BOX_WIDTH, BOX_HEIGHT);
	write_text(picture, "deed", x, picture->y + 18,
		fl_arena_format(picture->writer->arena, "%s%s %s", access->atomic ? "atomic " : "",
			access->op, place_of(picture, access)));
	write_text(picture, "small", x, picture->y + 35, held_by(picture, access));
}

/* The earlier access stands above the later one, in its own lane; the broken line is the order that is
 * missing. */
static void draw_accesses(struct picture *picture)
{
	const struct fl_race *race = picture->race;
	int first = picture->y;
	size_t from = find_lane(picture, race->accesses[1].thread),
	       to = find_lane(picture, race->accesses[0].thread);
	draw_access(picture, &race->accesses[1]);
	picture->y += BOX_HEIGHT + STEP;
	draw_access(picture, &race->accesses[0]);
	if (from != SIZE_MAX && to != SIZE_MAX) {
		int end = picture->y, middle = (first + BOX_HEIGHT + end) / 2;
		draw(picture, "<path class=missing d=\"M%d %dL%d %d\"/>\n", center(from), first + BOX_HEIGHT,
			center(to), end);
		write_text(picture, "no", (center(from) + center(to)) / 2, middle + 4, "no order");
	}
	picture->y += BOX_HEIGHT;
}

static void draw_lanes(struct picture *picture, int end)
{
	for (size_t i = 0; i < picture->count; i++) {
		const struct lane *lane = &picture->lanes[i];
		const struct fl_race_thread *facts = fl_race_find_thread(picture->race, lane->thread);
		draw(picture, "<path class=lane d=\"M%d %dV%d\"/>\n", center(i), lane->begin, end);
		if (facts && !facts->running && lane->thread)
			draw(picture, "<path class=lane d=\"M%d %dh12\"/>\n", center(i) - 6, end);
		write_text(picture, "name", center(i),
			lane->thread && lane->begin > HEAD ? lane->begin - 12 : 18,
			fl_race_thread_title(picture->race, lane->thread, picture->writer->arena));
	}
}

/* How far down it all goes, so that lanes can be drawn first, below the rest. */
static int height_of(const struct picture *picture)
{
	int height = HEAD + 2 * BOX_HEIGHT + STEP + 26;
	const struct fl_race_location *location = &picture->race->location;
	for (size_t i = 0; i < picture->count; i++) {
		const struct fl_race_thread *facts =
			fl_race_find_thread(picture->race, picture->lanes[i].thread);
		size_t parent =
			picture->lanes[i].thread && facts ? find_lane(picture, facts->parent) : SIZE_MAX;
		height += parent != SIZE_MAX && parent != i ? STEP : 0;
	}
	if (location->place == FL_PLACE_HEAP && location->allocated.count &&
		find_lane(picture, location->thread) != SIZE_MAX)
		height += STEP;
	return height;
}

void fl_race_picture_emit(struct fl_race_writer *writer, const struct fl_race *race)
{
	struct picture picture = {.writer = writer, .out = writer->page.out, .race = race, .y = HEAD + 10};
	if (!fl_race_is_of_accesses(race) || race->access_count < 2 ||
		race->accesses[0].thread == race->accesses[1].thread)
		return;
	for (size_t i = 0; i < 2; i++)
		add_line_of_birth(&picture, race->accesses[i].thread);
	if (race->location.place == FL_PLACE_HEAP && race->location.allocated.count)
		add_lane(&picture, race->location.thread);
	int width = (int)picture.count * LANE, height = height_of(&picture);
	put(&picture, "<figure class=picture tabindex=0 aria-label=\"The threads around the race\">\n");
	draw(&picture,
		"<svg role=img aria-labelledby=picture-title viewBox=\"0 0 %d %d\" width=%d height=%d>",
		width, height, width, height);
	put(&picture, "<title id=picture-title>Time runs downwards. The accesses are in two threads, and "
		      "nothing leads from "
		      "the earlier one to the later one.</title>\n");
	draw_births(&picture);
	draw_lanes(&picture, height - 8);
	draw_allocation(&picture);
	draw_accesses(&picture);
	put(&picture, "</svg>\n<figcaption>Time runs downwards. An arrow is order; between the two accesses "
		      "there is "
		      "none.</figcaption></figure>\n");
}
