#include "note-lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

static int indent_of(const struct lines *l)
{
	return l->columns < NARROW ? 3 : 8;
}

/* ---- making the lines ---- */

/* The text is handed over. */
static struct line *add(struct lines *l, enum line_kind kind, enum tone tone,
			int indent, char *text)
{
	l->line = mem_grow(l->line, l->n, sizeof(*l->line));
	l->line[l->n] = (struct line){ .kind = kind, .tone = tone,
				       .text = text, .indent = indent,
				       .stop = NO_STOP };
	return &l->line[l->n++];
}

static void add_gap(struct lines *l)
{
	if (l->n > 0)
		add(l, LINE_TEXT, TONE_PLAIN, 0, mem_strdup(""));
}

/* So much of a text goes into a line: up to a blank, if there is one. */
static size_t part_of(const char *text, int width)
{
	size_t fits = text_fit(text, width > 1 ? (size_t)width : 1, NULL);
	size_t blank = fits;

	if (!text[fits])
		return fits;
	while (blank > 0 && text[blank] != ' ')
		blank--;
	if (!fits)		/* wider than the line: one byte at least */
		fits = strlen(text);
	return blank ? blank : fits;
}

static void add_wrapped(struct lines *l, enum tone tone, int indent,
			const char *text)
{
	char *safe = text_safe_dup(text);
	const char *rest = safe;

	while (*rest) {
		size_t n = part_of(rest, l->columns - 1 - indent);

		add(l, LINE_TEXT, tone, indent, mem_strndup(rest, n));
		rest += n;
		rest += strspn(rest, " ");
	}
	free(safe);
}

static void add_score(struct lines *l, const struct warning *f, bool then)
{
	int indent = indent_of(l) + (l->columns < NARROW ? 0 : 2);
	char *name = then ? notes_then(f) : notes_now(f);
	struct line *line = add(l, LINE_SCORE, f->proposal || then ?
				TONE_VALUES : TONE_WARN, indent,
				text_safe_dup(name));

	free(name);
	line->finding = f;
	line->then = then;
}

static char *how_tried(const struct warning *f)
{
	const char *with = f->with ? " with " : "", *name = f->with;
	char count[COUNT_TEXT];

	name = name ? name : "";
	if (!f->rows)
		return mem_printf("both tried%s%s", with, name);
	return mem_printf("both tried%s%s on %s rows", with, name,
			  text_count(count, f->rows));
}

static void add_scores(struct lines *l, const struct warning *f)
{
	int indent = indent_of(l) + (l->columns < NARROW ? 0 : 2);
	char *text = notes_verdict(f);

	if (!f->score && f->instead)
		add_wrapped(l, TONE_DIM, indent,
			    "what it is worth could not be tried");
	if (!f->score)
		return;
	add_score(l, f, false);
	add_score(l, f, true);
	if (text)
		add_wrapped(l, TONE_DIM, indent, text);
	free(text);
	if (!f->rows && !f->with)
		return;
	text = how_tried(f);
	add_wrapped(l, TONE_DIM, indent, text);
	free(text);
}

/* A finding begins at its first place of the cursor. */
static void add_finding(struct lines *l, const struct warning *f)
{
	struct line *head = add(l, LINE_HEAD, TONE_STRONG, 3,
				mem_strdup(f->guard->code));

	head->finding = f;
	add_wrapped(l, TONE_PLAIN, indent_of(l), f->text);
	add_scores(l, f);
}

/* What a place does, in words. */
static char *deed_of(const struct stop *stop)
{
	char *deed = notes_deed(stop), *text;

	if (stop->kind == NOTE_OFF) {
		text = mem_printf("%s  %s", stop->guard->code, deed);
		free(deed);
		return text;
	}
	text = text_safe_dup(deed);
	free(deed);
	return text;
}

/* Where both do not fit into a line the command stands below. */
static bool both_fit(const struct lines *l, const char *deed,
		     const char *command)
{
	int width = (int)text_width(deed);

	return l->columns >= NARROW && width <= l->deeds &&
	       indent_of(l) + l->deeds + 2 + (int)text_width(command) <
	       l->columns;
}

static void add_stop(struct lines *l, size_t i)
{
	const struct stop *stop = &l->notes.stop[i];
	const char *command = notes_command(stop);
	char *deed = deed_of(stop);
	bool both = command && both_fit(l, deed, command);
	struct line *line = add(l, LINE_STOP, stop->kind == NOTE_OFF ?
				TONE_DIM : TONE_PLAIN, indent_of(l), deed);

	line->stop = (int)i;
	line->command = both ? command : NULL;
	if (command && !both)
		add_wrapped(l, TONE_ACCENT, indent_of(l) + 2, command);
	if (stop->kind == NOTE_SUGGESTION)
		add_wrapped(l, TONE_DIM, indent_of(l) + 2,
			    stop->suggestion->why);
}

/* All guards that are on and say nothing, by name. */
static char *looked_for(const struct session *s)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	bool first = true;

	for (const struct guard *g = guards; g->code; g++) {
		if (s->settings.guards_off & guard_bit(g))
			continue;
		fprintf(out, "%s%s", first ? "" : ", ", g->name);
		first = false;
	}
	fclose(out);
	return text;
}

static void add_calm(struct lines *l)
{
	static const char *const said[] = {
		[NOTES_NONE] = "after a training (r) the guards look for",
		[NOTES_STALE] = "after the next training (r) the guards look "
				"for",
		[NOTES_LOOKING] = "the guards are looking for",
		[NOTES_STOPPED] = "the guards were stopped; they look for",
		[NOTES_TRUE] = "the guards find nothing; they looked for",
	};
	enum notes_state state = notes_state(l->session);
	char *all = looked_for(l->session);
	char *text = mem_printf("%s: %s", said[state], all);

	if (*all)
		add_wrapped(l, state == NOTES_TRUE ? TONE_GOOD : TONE_DIM, 1,
			    text);
	free(text);
	free(all);
}

static void add_title(struct lines *l, const char *title)
{
	add_gap(l);
	add(l, LINE_TEXT, TONE_DIM, 1, mem_strdup(title));
}

/* What is suggested stands first until there is a training. */
static void add_all(struct lines *l)
{
	bool trained = notes_state(l->session) != NOTES_NONE;
	const struct warning *f = NULL;
	enum note_kind kind = NOTE_REMEDY;

	if (!l->notes.findings && trained)
		add_calm(l);
	for (size_t i = 0; i < l->notes.stops; i++) {
		const struct stop *stop = &l->notes.stop[i];

		if (stop->finding && stop->finding != f)
			add_gap(l);
		if (stop->finding && stop->finding != f)
			add_finding(l, stop->finding);
		f = stop->finding;
		if (stop->kind != kind && stop->kind == NOTE_SUGGESTION)
			add_title(l, "suggested");
		if (stop->kind != kind && stop->kind == NOTE_OFF)
			add_title(l, "guards that are off");
		kind = stop->kind;
		add_stop(l, i);
	}
	if (!trained)
		add_gap(l);
	if (!trained)
		add_calm(l);
}

static void measure_deeds(struct lines *l)
{
	int most = l->columns / 2 - indent_of(l);

	for (size_t i = 0; i < l->notes.stops; i++) {
		char *deed = deed_of(&l->notes.stop[i]);
		int width = (int)text_width(deed);

		if (notes_command(&l->notes.stop[i]) && width <= most &&
		    width > l->deeds)
			l->deeds = width;
		free(deed);
	}
}

static void measure_labels(struct lines *l)
{
	int most = l->columns / 2 - indent_of(l);

	if (l->columns < NARROW)
		most = l->columns - 1 - indent_of(l) - SCORE_WIDTH -
		       l->score_name - 2;
	for (size_t i = 0; i < l->n; i++) {
		int width = (int)text_width(l->line[i].text);

		if (l->line[i].kind == LINE_SCORE && width > l->labels)
			l->labels = width < most ? width : most;
	}
}

void note_lines_init(struct lines *l, const struct session *s, int columns)
{
	*l = (struct lines){ .session = s, .columns = columns,
			     .score_name = columns < 30 ? 0 : 4 };
	notes_init(&l->notes, s);
	measure_deeds(l);
	add_all(l);
	measure_labels(l);
}

void note_lines_clear(struct lines *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->line[i].text);
	free(l->line);
	notes_clear(&l->notes);
}
