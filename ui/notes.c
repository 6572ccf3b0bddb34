#include "notes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "panel.h"

/* ---- the list ---- */

/* Findings of a file that is open no more say nothing of this one. */
static const struct findings *findings_of(const struct session *s)
{
	static const struct findings none;
	const struct result *r = session_newest(s);

	return panel_table(s) && r && r->key && s->guards ? s->guards : &none;
}

static double gain(const struct warning *f)
{
	return f->score ? f->now - f->then : -INFINITY;
}

/* A warning before a proposal; then what costs most; then by their codes. */
static bool tells_more(const struct warning *a, const struct warning *b)
{
	if (a->proposal != b->proposal)
		return b->proposal;
	return gain(a) > gain(b);
}

static void add_finding(struct notes *notes, const struct warning *f)
{
	size_t i = notes->findings;

	notes->finding = mem_grow(notes->finding, notes->findings,
				  sizeof(*notes->finding));
	for (; i > 0 && tells_more(f, notes->finding[i - 1]); i--)
		notes->finding[i] = notes->finding[i - 1];
	notes->finding[i] = f;
	notes->findings++;
}

static void add_stop(struct notes *notes, const struct stop *stop)
{
	notes->stop = mem_grow(notes->stop, notes->stops,
			       sizeof(*notes->stop));
	notes->stop[notes->stops++] = *stop;
}

static void add_commands(struct notes *notes, const struct warning *f)
{
	struct stop stop = { .guard = f->guard, .finding = f };

	stop.kind = NOTE_REMEDY;
	if (f->remedy)
		add_stop(notes, &stop);
	stop.kind = NOTE_SEE;
	if (f->see)
		add_stop(notes, &stop);
	stop.kind = NOTE_ALONE;
	if (!f->remedy && !f->see)
		add_stop(notes, &stop);
}

static bool is_off(const struct session *s, const struct guard *guard)
{
	return s->settings.guards_off & guard_bit(guard);
}

/* What mends a finding is not suggested once more. */
static bool is_remedy(const struct notes *notes, const char *command)
{
	for (size_t i = 0; i < notes->findings; i++)
		if (notes->finding[i]->remedy &&
		    !strcmp(notes->finding[i]->remedy, command))
			return true;
	return false;
}

static void add_suggestions(struct notes *notes, const struct session *s)
{
	struct stop stop = { .kind = NOTE_SUGGESTION };

	for (size_t i = 0; panel_table(s) && i < s->suggestions.n; i++) {
		stop.suggestion = &s->suggestions.of[i];
		if (!is_remedy(notes, stop.suggestion->command))
			add_stop(notes, &stop);
	}
}

void notes_init(struct notes *notes, const struct session *s)
{
	const struct findings *found = findings_of(s);

	*notes = (struct notes){ 0 };
	for (size_t i = 0; i < found->n; i++)
		if (!is_off(s, found->of[i].guard))
			add_finding(notes, &found->of[i]);
	for (size_t i = 0; i < notes->findings; i++)
		add_commands(notes, notes->finding[i]);
	add_suggestions(notes, s);
	for (const struct guard *g = guards; g->code; g++)
		if (is_off(s, g))
			add_stop(notes, &(struct stop){ .kind = NOTE_OFF,
							.guard = g });
}

void notes_clear(struct notes *notes)
{
	free(notes->finding);
	free(notes->stop);
}

enum notes_state notes_state(const struct session *s)
{
	const struct result *r = session_newest(s);

	if (!panel_table(s) || !r || !r->key)
		return NOTES_NONE;
	if (session_result_stale(s, r))
		return NOTES_STALE;
	if (!session_guards(s))
		return NOTES_LOOKING;
	return s->guards_looked ? NOTES_TRUE : NOTES_STOPPED;
}

bool notes_found(const struct session *s)
{
	const struct findings *found = findings_of(s);

	for (size_t i = 0; i < found->n; i++)
		if (!is_off(s, found->of[i].guard))
			return true;
	return false;
}

size_t notes_guards(const struct session *s)
{
	size_t n = 0;

	for (const struct guard *g = guards; g->code; g++)
		n += !is_off(s, g);
	return n;
}

/* ---- commands ---- */

const char *notes_command(const struct stop *stop)
{
	switch (stop->kind) {
	case NOTE_REMEDY:
		return stop->finding->remedy;
	case NOTE_SEE:
		return stop->finding->see;
	case NOTE_SUGGESTION:
		return stop->suggestion->command;
	case NOTE_ALONE:
	case NOTE_OFF:
		break;
	}
	return NULL;
}

const struct guard *notes_guard(const struct session *s, size_t at)
{
	const struct guard *guard;
	struct notes notes;

	notes_init(&notes, s);
	guard = at < notes.stops ? notes.stop[at].guard : NULL;
	notes_clear(&notes);
	return guard;
}

char *notes_line(const struct session *s, size_t at)
{
	struct notes notes;
	char *line;

	notes_init(&notes, s);
	line = at < notes.stops ? mem_strdup(notes_command(&notes.stop[at]))
				: NULL;
	notes_clear(&notes);
	return line;
}

/* By what commands begin with, and have; what says most comes first. */
static const struct {
	const char *begins, *has, *deed;
} deeds[] = {
	{ "features ", "", "leave out" },
	{ "split ", "time=", "split by time" },
	{ "split ", "group=", "split by group" },
	{ "split ", "", "split in order" },
	{ "clean drop-duplicates", "", "drop the copies" },
	{ "clean ", " fit=train", "learn from training" },
	{ "clean ", " off", "turn the rule off" },
};

char *notes_deed(const struct stop *stop)
{
	const struct warning *f = stop->finding;
	const char *command = notes_command(stop);
	char count[COUNT_TEXT];

	if (stop->kind == NOTE_SUGGESTION)
		return mem_strdup(stop->suggestion->text);
	if (stop->kind == NOTE_OFF)
		return mem_strdup(stop->guard->name);
	if (!command)
		return mem_strdup("no command mends it");
	if (stop->kind == NOTE_SEE && f->count)
		return mem_printf("show the %s row%s",
				  text_count(count, f->count),
				  f->count == 1 ? "" : "s");
	if (stop->kind == NOTE_SEE)
		return mem_strdup("show the rows");
	for (size_t i = 0; i < ARRAY_LEN(deeds); i++)
		if (!strncmp(command, deeds[i].begins,
			     strlen(deeds[i].begins)) &&
		    strstr(command, deeds[i].has))
			return mem_strdup(deeds[i].deed);
	return mem_strdup("mend it");
}

/* ---- what it is worth ---- */

static bool is_split(const struct warning *f)
{
	return !strncmp(f->instead, "by ", 3) || !strncmp(f->instead, "in ", 3);
}

char *notes_now(const struct warning *f)
{
	static const char without[] = "without ";

	if (!strncmp(f->instead, without, strlen(without)))
		return mem_printf("now, with %s",
				  f->instead + strlen(without));
	if (!strcmp(f->instead, "with fit=train"))
		return mem_strdup("now, with fit=all");
	return mem_strdup(is_split(f) ? "now, split by chance" : "now");
}

char *notes_then(const struct warning *f)
{
	return mem_printf("%s%s", is_split(f) ? "split " : "", f->instead);
}

/* So small a difference is none; so small a correlation tells nothing. */
static const double same_score = 0.01, no_mcc = 0.05;

char *notes_verdict(const struct warning *f)
{
	bool r2 = f->score && !strcmp(f->score, "r2");
	const char *verdict = NULL;
	char *then, *text;

	if (f->score && fabs(f->now - f->then) < same_score)
		return mem_strdup("hardly a difference");
	if (f->score && r2 && f->then < 0)
		verdict = "worse than always telling the mean";
	else if (f->score && !r2 && f->then < no_mcc)
		verdict = "no better than chance";
	if (!verdict)
		return NULL;
	then = notes_then(f);
	text = mem_printf("%s: %s", then, verdict);
	free(then);
	return text;
}

/* ---- one line ---- */

/* A guard in a word or two, for where there is no room for its name. */
static const char *short_name(const struct guard *guard)
{
	static const struct { const char *code, *name; } names[] = {
		{ "G01", "fit=all" }, { "G02", "leak" },
		{ "G03", "time" }, { "G04", "groups" },
		{ "G05", "copies" }, { "G06", "uneven" },
		{ "G07", "labels" }, { "G08", "accuracy" },
		{ "G09", "intercept" }, { "G10", "separated" },
		{ "G11", "converged" }, { "G12", "pair" },
		{ "G13", "best of many" },
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (!strcmp(names[i].code, guard->code))
			return names[i].name;
	return guard->name;
}

/* "without" for "without them": the text before says whom. */
static const char *other_way(const struct warning *f)
{
	return !strncmp(f->instead, "without ", 8) ? "without" :
	       !strcmp(f->instead, "in the file's order") ? "in order" :
							    f->instead;
}

/* "mcc 0.983, without 0.416", or brief "mcc 0.983 → 0.416".  A trial of fewer
 * rows, or with another method, is said to be one: its score is not that of the
 * training. */
static char *worth(const struct warning *f, bool brief)
{
	const char *trial = f->rows || f->with ? "trial " : "";
	char now[MEASURE_TEXT], then[MEASURE_TEXT];

	if (!f->score)
		return mem_strdup("");
	panel_measure(now, f->now);
	panel_measure(then, f->then);
	return brief ? mem_printf("%s%s %s %s %s", trial, f->score, now,
				  draw_glyph(GLYPH_TO), then)
		     : mem_printf("%s%s %s, %s %s", trial, f->score, now,
				  other_way(f), then);
}

/* A text of at most so many columns, and what it is worth behind it. */
static char *joined(const char *text, const char *effect, int columns)
{
	int room = columns - (*effect ? 2 + (int)text_width(effect) : 0);
	size_t fits;

	if (room < 0)
		return NULL;
	if ((int)text_width(text) <= room)
		return mem_printf("%s%s%s", text, *effect ? ": " : "", effect);
	if (room < 6)
		return NULL;
	fits = text_fit(text, (size_t)room - 1, NULL);
	while (fits > 0 && (text[fits - 1] == ' ' || text[fits - 1] == ','))
		fits--;
	return mem_printf("%.*s%s%s%s", (int)fits, text,
			  draw_glyph(GLYPH_MORE), *effect ? " " : "", effect);
}

/* The same, but only if nothing of the text is cut. */
static char *joined_whole(const char *text, const char *effect, int columns)
{
	int width = (int)text_width(text) + (int)text_width(effect) +
		    (*effect ? 2 : 0);

	return width <= columns ? joined(text, effect, columns) : NULL;
}

char *notes_brief(const struct warning *f, int columns)
{
	char *text = text_safe_dup(f->text);
	char *first = mem_strndup(text, strcspn(text, ":("));
	char *all = worth(f, false), *brief = worth(f, true), *line;
	const char *small = short_name(f->guard);

	/* What stands before a parenthesis ends in a blank. */
	if (*first && first[strlen(first) - 1] == ' ')
		first[strlen(first) - 1] = '\0';
	line = joined_whole(text, all, columns);
	line = line ? line : joined_whole(first, all, columns);
	line = line ? line : joined_whole(f->guard->name, all, columns);
	if (!f->score)
		line = line ? line : joined(first, "", columns);
	line = line ? line : joined_whole(small, all, columns);
	line = line ? line : joined_whole(small, brief, columns);
	line = line ? line : joined(small, brief, columns);
	line = line ? line : joined(f->guard->name, "", columns);
	free(text);
	free(first);
	free(all);
	free(brief);
	return line ? line : mem_strdup("");
}

/* ---- what was taken ---- */

/* The last one. */
static struct {
	char *command;		/* owned; NULL: none */
	char *key;		/* owned: of the choices with it */
	int number;		/* the newest training then; 0: none */
	double score;
	const char *score_name;
} taken;

void notes_took(const struct session *s, const char *command)
{
	const struct result *r = session_newest(s);

	free(taken.command);
	free(taken.key);
	taken.command = mem_strdup(command);
	taken.key = mem_strdup(s->key);
	taken.number = r ? r->number : 0;
	taken.score = r ? result_rank(r) : NAN;
	taken.score_name = r && r->key ? result_rank_name(r) : "";
}

const char *notes_taken(const struct session *s, char **said)
{
	const struct result *r = session_newest(s);
	char now[MEASURE_TEXT], before[MEASURE_TEXT];

	*said = NULL;
	if (!taken.command || !s->key || strcmp(taken.key, s->key))
		return NULL;
	if (s->working == WORK_TRAIN)
		*said = mem_strdup("training");
	else if (!r || !r->key)
		*said = mem_strdup("taken");
	else if (r->number <= taken.number || session_result_stale(s, r))
		*said = mem_strdup("r trains with it");
	else if (strcmp(taken.score_name, result_rank_name(r)))
		*said = mem_printf("%s %s", result_rank_name(r),
				   panel_measure(now, result_rank(r)));
	else
		*said = mem_printf("%s %s, before %s", taken.score_name,
				   panel_measure(now, result_rank(r)),
				   panel_measure(before, taken.score));
	return taken.command;
}
