/*
 * sheet-dialect.c - how the file is written, changed with the eyes on its rows
 *
 *	   delimiter   ;        98 %  98 of 100 rows have 9 cells
 *	 ▸ decimal     ,       100 %  239 of 239 numbers have a decimal comma
 *	   ...
 *	   Zeit              Temp [°C]   Druck
 *	   01.05.2024 06:00  1.234,5     7,1
 *
 * Changes are tried on a source of their own, which costs a few milliseconds;
 * Enter opens the file again with what was chosen.
 */
#include "sheet-dialect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/step.h"
#include "base/text.h"
#include "command/commands.h"
#include "data/source.h"
#include "panel.h"
#include "workbench.h"

enum { PREVIEW_ROWS = 40, PREVIEW_WIDTH = 24, CELL_BYTES = 128 };

/* What is tried: it belongs to the file that was open when it was begun. */
static struct trial {
	unsigned opened;		/* source_opened(); 0: none */
	struct option_values options;
	struct source *source;		/* owned; NULL: err says why */
	struct err err;
} trial;

/* Values that one steps through; others can be typed. */
static const struct {
	const char *option, *values;
} steps[] = {
	{ "encoding", "auto UTF-8 GB18030 WINDOWS-1252 UTF-16LE UTF-16BE BIG5 "
		      "CP932 UHC" },
	{ "skip", "auto 0 1 2 3 4 5 6 7 8 9 10" },
};

static const char *words_of(const struct option *option)
{
	for (size_t i = 0; i < ARRAY_LEN(steps); i++)
		if (!strcmp(steps[i].option, option->name))
			return steps[i].values;
	return option->choices;
}

static size_t options_n(void)
{
	size_t n = 0;

	while (source_options[n].name)
		n++;
	return n;
}

/* ---- the trial ---- */

void dialect_forget(void)
{
	source_close(trial.source);
	if (trial.opened)
		options_clear(&trial.options);
	trial = (struct trial){ 0 };
}

static void read_again(const struct session *s)
{
	source_close(trial.source);
	trial.err = (struct err){ 0 };
	trial.source = source_open(source_path(s->data.source),
				   &trial.options, &trial.err);
}

/* A trial of the file that is open; it begins as the file was opened. */
static struct trial *trial_of(const struct session *s)
{
	if (trial.opened == source_opened(s->data.source))
		return &trial;
	dialect_forget();
	trial.opened = source_opened(s->data.source);
	options_copy(&trial.options, &s->settings.open);
	read_again(s);
	return &trial;
}

/* While nothing can be read as it is tried, what was found before. */
static const struct finding *finding_of(const struct session *s,
					const char *name)
{
	const struct source *source = trial_of(s)->source;
	const struct dialect *d = source_dialect(source ? source
							: s->data.source);

	for (size_t i = 0; i < DIALECT_ITEMS; i++)
		if (d->finding[i].name && !strcmp(d->finding[i].name, name))
			return &d->finding[i];
	return NULL;
}

/* ---- the sheet ---- */

static size_t sheet_rows(const struct session *s)
{
	return s->data.source && s->working != WORK_OPEN ? options_n() : 0;
}

static const char *sheet_title(const struct session *s, const struct view *v)
{
	(void)s;
	(void)v;
	return "how the file is written";
}

static const char *sheet_item(const struct session *s, const struct view *v)
{
	(void)s;
	return v->at[SHEET_DIALECT] < options_n()
		? source_options[v->at[SHEET_DIALECT]].name : NULL;
}

static bool changed(const struct session *s)
{
	char *before = options_format(&s->settings.open, true);
	char *now = options_format(&trial_of(s)->options, true);
	bool differ = strcmp(before, now) != 0;

	free(before);
	free(now);
	return differ;
}

static void sheet_note(const struct session *s, const struct view *v,
		       char *text, size_t size)
{
	(void)v;
	snprintf(text, size, "%s", !s->data.source ? "" : changed(s)
		 ? "Enter opens it like this" : "as it was found");
}

/* "auto" is not what one wants to know: what it has found is. */
static void draw_item(const struct session *s, const struct canvas *c, int y,
		      size_t i)
{
	const struct option *option = &source_options[i];
	const struct finding *found = finding_of(s, option->name);
	const char *said = options_text(&trial_of(s)->options, option->name);
	bool given = options_given(&trial_of(s)->options, i);
	int x = 3, room = c->columns - 1;

	draw_text(c, y, x, 11, given ? TONE_STRONG : TONE_PLAIN,
		  option->name);
	x += 12;
	draw_text(c, y, x, 14, given ? TONE_STRONG : TONE_PLAIN,
		  found && *found->value ? found->value : said ? said : "");
	x += 15;
	if (given)
		draw_text(c, y, x, 5, TONE_ACCENT, "given");
	else if (found)
		draw_printf(c, y, x, 5, found->sure < 0.7 ? TONE_WARN
							   : TONE_DIM,
			    "%3d %%", panel_percent(found->sure));
	x += 7;
	if (x < room)
		draw_text(c, y, x, room - x, TONE_DIM,
			  found && *found->why && !given ? found->why
							 : option->help);
}

/* ---- the rows as they would be ---- */

struct preview {
	const struct canvas *canvas;
	int y, x;
	size_t column;		/* the one that is drawn */
	int width;		/* the widest cell of it */
	bool draw;		/* or only measure */
};

static void preview_cell(struct preview *p, int y, enum tone tone,
			 const char *text, size_t len)
{
	char safe[CELL_BYTES];
	int width;

	text_safe(safe, sizeof(safe), text, len);
	width = (int)text_width(safe);
	if (p->draw)
		draw_text(p->canvas, y, p->x, p->width, tone, safe);
	else if (width > p->width)
		p->width = width > PREVIEW_WIDTH ? PREVIEW_WIDTH : width;
}

/* Whether a number is read as one is what the eye looks for. */
static enum tone tone_of(const struct dialect *d, const struct cell *cell)
{
	double x;

	return dialect_missing(d, cell->text, cell->len, true) ? TONE_DIM :
	       dialect_number(d, cell->text, cell->len, &x) ? TONE_VALUES :
	       TONE_PLAIN;
}

static bool preview_row(void *arg, size_t row, const struct cell *cell,
			size_t cells)
{
	struct preview *p = arg;
	const struct cell *mine = cell + p->column;

	if (p->column < cells)
		preview_cell(p, p->y + 1 + (int)row,
			     tone_of(source_dialect(trial.source), mine),
			     mine->text, mine->len);
	return true;
}

static void preview_column(struct preview *p, const struct source *source,
			   size_t rows)
{
	const char *name = source_name(source, p->column);
	struct err err;

	preview_cell(p, p->y, TONE_STRONG, name, strlen(name));
	source_walk(source, 0, rows, preview_row, p, NULL, &err);
}

static void draw_preview(const struct source *source, const struct canvas *c,
			 int y)
{
	struct preview p = { .canvas = c, .y = y, .x = 3 };
	size_t rows = (size_t)(c->rows - y - 1);

	if (rows > PREVIEW_ROWS)
		rows = PREVIEW_ROWS;
	for (; p.column < source_columns(source); p.column++) {
		int room = c->columns - 1 - p.x;

		p.width = 1;
		p.draw = false;
		preview_column(&p, source, rows);
		if (room < 3 && room < p.width)
			break;
		if (p.width > room)
			p.width = room;
		p.draw = true;
		preview_column(&p, source, rows);
		p.x += p.width + 2;
	}
}

static void sheet_draw(const struct session *s, struct view *v,
		       const struct canvas *c, bool focused)
{
	size_t n = options_n(), at = v->at[SHEET_DIALECT];
	int items = c->rows > (int)n + 4 ? (int)n : c->rows / 2 + 1;
	size_t top = panel_top(v, SHEET_DIALECT, at, n, items);
	const struct trial *t;

	if (sheet_rows(s) == 0) {	/* as it is read, after "read" */
		draw_text(c, 0, 3, c->columns - 4, TONE_DIM,
			  "the file is still being read");
		return;
	}
	t = trial_of(s);
	for (int y = 0; y < items && top + (size_t)y < n; y++) {
		bool here = top + (size_t)y == at;

		draw_item(s, c, y, top + (size_t)y);
		if (!here)
			continue;
		draw_text(c, y, 1, 1, TONE_ACCENT, draw_glyph(GLYPH_CURSOR));
		draw_cursor(c, y, focused);
	}
	if (!t->source)
		draw_text(c, items + 1, 3, c->columns - 4, TONE_WARN,
			  t->err.text);
	else if (items + 2 < c->rows)
		draw_preview(t->source, c, items + 1);
}

const struct panel sheet_dialect = {
	.name = "Dialect", .home = PANEL_DATA,
	.title = sheet_title,
	.rows = sheet_rows,
	.note = sheet_note,
	.draw = sheet_draw,
	.item = sheet_item,
};

/* ---- its command ---- */

static bool set_trial(struct session *s, const char *word, struct err *err)
{
	if (!options_set(&trial_of(s)->options, "dialect", word, err))
		return false;
	read_again(s);
	return true;
}

/* Whether that is what was found: a step to it would change nothing. */
static bool is_found(const struct session *s, const char *option,
		     const char *value)
{
	const struct finding *found = finding_of(s, option);

	return found && !strcmp(found->value, value);
}

static bool step(struct session *s, bool forth, struct err *err)
{
	const struct ui *ui = s->screen;
	size_t i = ui->view.at[SHEET_DIALECT];
	const struct option *option = &source_options[i];
	const char *values = words_of(option);
	const char *now = options_text(&trial_of(s)->options, option->name);
	char value[STEP_VALUE], *word;
	bool ok;

	if (!values)
		return err_set(err, ERR_USAGE, "%s is typed: e", option->name);
	step_word(values, now ? now : "", forth, value);
	if (now && !strcmp(now, "auto") && is_found(s, option->name, value)) {
		char found[STEP_VALUE];

		snprintf(found, sizeof(found), "%s", value);
		step_word(values, found, forth, value);
	}
	word = mem_printf("%s=%s", option->name, value);
	ok = set_trial(s, word, err);
	free(word);
	return ok;
}

static bool apply(struct session *s, struct err *err)
{
	struct ui *ui = s->screen;
	char *options = options_format(&trial_of(s)->options, false);
	char *path = text_quote(source_path(s->data.source));
	char *line = mem_printf("open %s %s", path, options);
	bool ok;

	if (!trial_of(s)->source) {
		*err = trial.err;
		ok = false;
	} else {
		dialect_forget();
		panel_leave(&ui->view);
		s->carry = true;
		ok = session_do(s, line, err);
		s->carry = false;
	}
	free(line);
	free(path);
	free(options);
	return ok;
}

static bool dialect(struct session *s, int argc, char **argv, struct err *err)
{
	struct ui *ui = s->screen;
	const char *word = argc > 1 ? argv[1] : "";

	s->fault = argc > 1;
	if (sheet_rows(s) == 0)
		return err_set(err, ERR_USAGE, s->working == WORK_OPEN
			       ? "the file is still being read"
			       : "no file is open: open FILE first");
	if (ui->view.sheet != SHEET_DIALECT) {
		panel_open(&ui->view, SHEET_DIALECT);
		ui_focus(ui, PANEL_DATA);
	}
	if (!*word)
		return true;
	if (!strcmp(word, "next") || !strcmp(word, "previous"))
		return step(s, !strcmp(word, "next"), err);
	if (!strcmp(word, "apply"))
		return apply(s, err);
	return set_trial(s, word, err);
}

static const char *complete_dialect(const struct session *s, int argc,
				    char **argv, size_t n)
{
	static const char *const words[] = { "next", "previous", "apply" };

	(void)s;
	if (argc != 2)
		return NULL;
	if (n < ARRAY_LEN(words))
		return words[n];
	return complete_option(source_options, argv[1], n - ARRAY_LEN(words));
}

const struct command commands_dialect[] = {
	{ .name = "dialect", .args = "[OPTION=VALUE|next|previous|apply]",
	  .help = "See how the file is written, and change it",
	  .max = 1, .flags = COMMAND_SCREEN,
	  .complete = complete_dialect, .run = dialect },
	{ 0 }
};
