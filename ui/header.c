/*
 * header.c - the first line of the screen
 *
 *	gemba   presses.csv   10,000 × 9   0 missing      target failure
 *
 * It is made of parts; where there is no room for all of them the least
 * important ones go.
 */
#include "panel.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

enum { PART_TEXT = 200 };

static void say_name(const struct session *s, char text[PART_TEXT])
{
	(void)s;
	snprintf(text, PART_TEXT, "gemba");
}

/* The name of the file, without its folders. */
static void say_file(const struct session *s, char text[PART_TEXT])
{
	const char *path = session_source(s) ? source_path(session_source(s)) :
					    s->settings.path;
	const char *slash = path ? strrchr(path, '/') : NULL;

	if (!path)
		path = "no file";
	else if (!strcmp(path, "-"))
		path = "standard input";
	/* Made harmless here: its width is measured before it is drawn. */
	text_safe(text, PART_TEXT, slash && slash[1] ? slash + 1 : path,
		  strlen(slash && slash[1] ? slash + 1 : path));
}

/* While rows are still being found there are about so many. */
static void say_size(const struct session *s, char text[PART_TEXT])
{
	const struct source *source = session_source(s);
	char rows[COUNT_TEXT], columns[COUNT_TEXT];
	bool exact;
	size_t n;

	if (!source)
		return;
	n = source_rows(source, &exact);
	snprintf(text, PART_TEXT, "%s%s %s %s", exact ? "" : "~",
		 text_count(rows, n), draw_glyph(GLYPH_TIMES),
		 text_count(columns, source_columns(source)));
	if (panel_table(s) && panel_table(s)->derived)
		text_append(text, PART_TEXT, "+%zu", panel_table(s)->derived);
}

static void say_missing(const struct session *s, char text[PART_TEXT])
{
	char count[COUNT_TEXT];
	size_t n = 0;

	if (!panel_table(s))
		return;
	for (size_t i = 0; i < panel_table(s)->columns; i++)
		n += panel_table(s)->column[i].missing;
	snprintf(text, PART_TEXT, "%s missing", text_count(count, n));
}

static void say_odd(const struct session *s, char text[PART_TEXT])
{
	char count[COUNT_TEXT];
	size_t n = 0;

	if (!panel_table(s))
		return;
	for (size_t i = 0; i < panel_table(s)->columns; i++)
		n += panel_table(s)->column[i].odd_cells;
	if (n)
		snprintf(text, PART_TEXT, "%s odd", text_count(count, n));
}

static void say_duplicates(const struct session *s, char text[PART_TEXT])
{
	char count[COUNT_TEXT];

	if (panel_table(s) && s->data.summary)
		snprintf(text, PART_TEXT, "%s duplicate",
			 text_count(count, s->data.duplicates));
}

static void say_ragged(const struct session *s, char text[PART_TEXT])
{
	char count[COUNT_TEXT];

	if (panel_table(s) && s->data.found->ragged)
		snprintf(text, PART_TEXT, "%s ragged",
			 text_count(count, s->data.found->ragged));
	if (panel_table(s) && s->data.found->unterminated)
		text_append(text, PART_TEXT, "%sa quote is not closed",
			    *text ? ", " : "");
}

static void say_work(const struct session *s, char text[PART_TEXT])
{
	char work[MEASURE_TEXT];

	snprintf(text, PART_TEXT, "%s", panel_work(work, s));
}

static void say_target(const struct session *s, char text[PART_TEXT])
{
	char name[PART_TEXT];
	const char *target;

	if (!panel_table(s))
		return;
	if (s->settings.target < 0) {
		snprintf(text, PART_TEXT, "no target");
		return;
	}
	target = panel_table(s)->column[s->settings.target].name;
	snprintf(text, PART_TEXT, "target %.150s",
		 text_safe(name, sizeof(name), target, strlen(target)));
}

static void say_run(const struct session *s, char text[PART_TEXT])
{
	const struct result *r = session_newest(s);

	if (r)
		snprintf(text, PART_TEXT, "#%d %s%s", r->number,
			 r->method->name, session_result_stale(s, r) ?
			 ", before the change" : "");
}

static void say_headline(const struct session *s, char text[PART_TEXT])
{
	const struct result *r = session_newest(s);
	char headline[HEADLINE_TEXT];

	if (r)
		snprintf(text, PART_TEXT, "%s", panel_headline(headline, r));
}

static void say_rank(const struct session *s, char text[PART_TEXT])
{
	const struct result *r = session_newest(s);
	char rank[HEADLINE_TEXT];

	if (r)
		snprintf(text, PART_TEXT, "%s", panel_rank(rank, r));
}

/* How far the scores of the folds lie apart. */
static void say_folds(const struct session *s, char text[PART_TEXT])
{
	const struct result *r = session_newest(s);
	char tested[COUNT_TEXT];

	if (r && r->folds)
		snprintf(text, PART_TEXT, "%zu folds, %s rows each tested "
			 "once", r->folds,
			 text_count(tested, r->ledger.tested));
}

/* In the order of the screen; those with the highest rank go first. */
static const struct part {
	void (*say)(const struct session *s, char text[PART_TEXT]);
	bool right;		/* against the right edge */
	bool strong;
	int rank;
} parts[] = {
	{ say_name, false, true, 8 },
	{ say_file, false, false, 0 },
	{ say_size, false, false, 3 },
	{ say_missing, false, false, 6 },
	{ say_odd, false, false, 7 },
	{ say_duplicates, false, false, 9 },
	{ say_ragged, false, false, 10 },
	{ say_work, true, true, 1 },
	{ say_target, true, false, 5 },
	{ say_run, true, false, 4 },
	{ say_folds, true, false, 11 },
	{ say_headline, true, false, 4 },
	{ say_rank, true, false, 2 },
};

enum { PARTS = ARRAY_LEN(parts), GAP = 3 };

/* Say all parts and empty the least important until the rest fits. */
static void choose(const struct session *s, int room,
		   char text[PARTS][PART_TEXT])
{
	int used = 0;

	for (int rank = 0; rank <= (int)PARTS; rank++)
		for (size_t i = 0; i < PARTS; i++) {
			int width;

			if (parts[i].rank != rank)
				continue;
			*text[i] = '\0';
			parts[i].say(s, text[i]);
			width = *text[i] ? (int)text_width(text[i]) + GAP : 0;
			/* The file's name is shown however narrow. */
			if (rank > 0 && used + width > room + GAP)
				*text[i] = '\0';
			else
				used += width;
		}
}

static void draw_part(const struct canvas *c, const struct part *part, int x,
		      const char *text)
{
	draw_text(c, 0, x, c->columns - x, part->strong ? TONE_HEADER_STRONG :
		  TONE_HEADER, text);
}

void draw_header(const struct session *s, const struct canvas *c)
{
	char text[PARTS][PART_TEXT];
	int x = 1, right = c->columns - 1;

	choose(s, c->columns - 2, text);
	for (int i = 0; i < c->columns; i++)
		draw_text(c, 0, i, 1, TONE_HEADER, " ");
	for (size_t i = 0; i < PARTS; i++) {
		if (!*text[i] || parts[i].right)
			continue;
		draw_part(c, &parts[i], x, text[i]);
		x += (int)text_width(text[i]) + GAP;
	}
	for (size_t i = PARTS; i-- > 0; ) {
		if (!*text[i] || !parts[i].right)
			continue;
		right -= (int)text_width(text[i]);
		draw_part(c, &parts[i], right, text[i]);
		right -= GAP;
	}
}
