#include "help-view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "command/help.h"
#include "prompt.h"

struct help_view {
	char *title;		/* owned */
	char *text;		/* owned: all lines, cut apart by NULs */
	char **line;		/* owned; they lie in text */
	size_t lines;
	size_t at, top;		/* the line under the cursor, the first seen */
	char *sought;		/* owned: what / looked for, or NULL */
};

/* ---- pages ---- */

static void add_keys(FILE *out, int panel)
{
	const struct key *key;

	for (size_t n = 0; (key = key_nth(n)); n++)
		if (key->panel == panel && key->help)
			fprintf(out, "  %-8s  %s\n", key->name, key->help);
	fputc('\n', out);
}

/* The second line of a topic that is not blank says what it is about. */
static void add_topic(FILE *out, const char *topic)
{
	char *text = help_text(topic, NULL), *line;

	if (!text)
		return;
	line = strchr(text, '\n');
	line += line ? strspn(line, "\n") : 0;
	fprintf(out, "  %-16s  %.*s\n", topic,
		line ? (int)strcspn(line, "\n") : 0, line ? line : "");
	free(text);
}

static void add_topics(FILE *out)
{
	const char *topic;

	fputs("Topics: Enter opens the one under the cursor, / finds\n\n",
	      out);
	add_topic(out, "commands");
	for (size_t n = 0; (topic = help_topic(n)); n++) {
		/* help_topic()'s text is good until it is called again. */
		char *name = mem_strdup(topic);

		add_topic(out, name);
		free(name);
	}
}

static char *first_page(const struct ui *ui)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	fprintf(out, "Keys in %s\n\n",
		panels[panel_focused(&ui->view)]->name);
	add_keys(out, (int)panel_focused(&ui->view));
	fputs("Keys everywhere\n\n", out);
	add_keys(out, PANEL_ANY);
	add_topics(out);
	fclose(out);
	return text;
}

static char *all_keys(void)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	for (int p = 0; p <= PANEL_ANY; p++) {
		if (p < PANEL_ANY && !panels[p])
			continue;
		fprintf(out, "%s\n\n", p < PANEL_ANY ? panels[p]->name :
			"Everywhere");
		add_keys(out, p);
	}
	fclose(out);
	return text;
}

/* Takes the text over. */
static void show(struct help_view *help, const char *title, char *text)
{
	free(help->title);
	free(help->text);
	free(help->line);
	help->title = mem_strdup(title);
	help->text = text;
	help->line = NULL;
	help->lines = help->at = help->top = 0;
	while (*text) {
		size_t len = strcspn(text, "\n");

		help->line = mem_grow(help->line, help->lines,
				      sizeof(*help->line));
		help->line[help->lines++] = text;
		text += len + (text[len] == '\n');
		text[-1] = text[-1] == '\n' ? '\0' : text[-1];
	}
}

bool help_open(struct ui *ui, const char *topic, struct err *err)
{
	char *text = !topic ? first_page(ui) :
		     !strcmp(topic, "keys") ? all_keys() :
		     help_text(topic, err);

	if (!text)
		return false;
	if (!ui->help)
		ui->help = mem_new(sizeof(*ui->help));
	show(ui->help, topic ? topic : "help", text);
	return true;
}

void help_close(struct ui *ui)
{
	struct help_view *help = ui->help;

	if (!help)
		return;
	ui->help = NULL;
	ui->thaw = true;
	free(help->title);
	free(help->text);
	free(help->line);
	free(help->sought);
	free(help);
}

/* ---- keys ---- */

static void go(struct help_view *help, long by)
{
	long last = help->lines ? (long)help->lines - 1 : 0;
	long at = (long)help->at + by;

	help->at = (size_t)(at < 0 ? 0 : at > last ? last : at);
}

/* The next line after the cursor, or before it, that has what is sought. */
static void seek(struct ui *ui, int step)
{
	struct help_view *help = ui->help;
	size_t n = help->lines, at = help->at;

	if (!help->sought || !*help->sought)
		return;
	for (size_t i = 0; i < n; i++) {
		at = (at + n + (size_t)(step > 0 ? 1 : n - 1)) % n;
		if (strcasestr(help->line[at], help->sought)) {
			help->at = at;
			return;
		}
	}
	session_say(ui->session, "'%.60s' is not on this page", help->sought);
}

static void sought(struct ui *ui, const char *line)
{
	if (!ui->help)
		return;
	free(ui->help->sought);
	ui->help->sought = mem_strdup(line);
	seek(ui, 1);
}

/* The topic that the line under the cursor names first. */
static void follow(struct ui *ui)
{
	struct help_view *help = ui->help;
	struct err err;
	char topic[64];
	const char *line = help->lines ? help->line[help->at] : "";

	line += strspn(line, " ");
	snprintf(topic, sizeof(topic), "%.*s", (int)strcspn(line, " "), line);
	if (*topic && !help_open(ui, topic, &err))
		session_say(ui->session, "%s", err.text);
}

void help_key(struct ui *ui, const char *name)
{
	struct help_view *help = ui->help;
	static const struct {
		const char *name;
		int lines, pages;
	} moves[] = {
		{ "j", 1, 0 }, { "Down", 1, 0 }, { "k", -1, 0 },
		{ "Up", -1, 0 }, { "PgDn", 0, 1 }, { "Space", 0, 1 },
		{ "Ctrl-d", 0, 1 }, { "PgUp", 0, -1 }, { "Ctrl-u", 0, -1 },
		{ "g", 0, -100000 }, { "Home", 0, -100000 },
		{ "G", 0, 100000 }, { "End", 0, 100000 },
	};

	for (size_t i = 0; i < ARRAY_LEN(moves); i++)
		if (!strcmp(name, moves[i].name)) {
			go(help, moves[i].lines +
			   (long)moves[i].pages * (LINES > 4 ? LINES - 3 : 1));
			return;
		}
	if (!strcmp(name, "q") || !strcmp(name, "Esc") ||
	    !strcmp(name, "Ctrl-c"))
		help_close(ui);
	else if (!strcmp(name, "/"))
		prompt_open("/", "", sought);
	else if (!strcmp(name, "n") || !strcmp(name, "N"))
		seek(ui, *name == 'n' ? 1 : -1);
	else if (!strcmp(name, "Enter") || !strcmp(name, "l"))
		follow(ui);
	else if (!strcmp(name, "BS") || !strcmp(name, "h") ||
		 !strcmp(name, "?"))
		help_open(ui, NULL, NULL);
	else if (!strcmp(name, ":"))
		prompt_open(":", "", ui_typed);
}

/* ---- drawing ---- */

/* A heading begins at the margin; what is indented explains. */
static void draw_line(const struct help_view *help, const struct canvas *c,
		      int y, size_t i)
{
	const char *line = help->line[i];
	bool heading = *line != ' ' && (i == 0 || !*help->line[i - 1]);

	draw_text(c, y, 2, c->columns - 4,
		  heading ? TONE_STRONG : TONE_PLAIN, line);
	if (i == help->at)
		draw_cursor(c, y, true);
}

void help_draw(struct help_view *help)
{
	static const char hints[] = "j k move   / find   n next   "
				    "Enter open   BS all topics   q back";
	WINDOW *window = newwin(LINES, COLS, 0, 0);
	struct canvas c = { window, LINES, COLS, false };
	size_t rows = (size_t)(LINES - 2);

	if (!window)
		return;
	if (help->at < help->top)
		help->top = help->at;
	if (help->at >= help->top + rows)
		help->top = help->at - rows + 1;
	for (int x = 0; x < COLS; x++)
		draw_text(&c, 0, x, 1, TONE_HEADER, " ");
	draw_printf(&c, 0, 1, COLS - 2, TONE_HEADER_STRONG, "gemba   %s",
		    help->title);
	for (size_t i = 0; i < rows && help->top + i < help->lines; i++)
		draw_line(help, &c, (int)i + 1, help->top + i);
	draw_text(&c, LINES - 1, 1, COLS - 2, TONE_DIM, hints);
	wnoutrefresh(window);
	delwin(window);
}
