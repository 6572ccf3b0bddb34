#include "data/dialect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "data/cell.h"
#include "data/number.h"
#include "data/sample.h"
#include "data/sniff.h"

/* More than this is no introduction. */
enum { SKIP_MOST = 1000000 };

const struct option source_options[] = {
	{ "encoding", OPTION_TEXT, "auto", 0, 0, NULL,
	  "how letters are written as bytes" },
	{ "delimiter", OPTION_CHOICE, "auto", 0, 0, "auto , ; tab | blanks",
	  "what stands between two cells" },
	{ "quote", OPTION_CHOICE, "auto", 0, 0, "auto double single none",
	  "what stands around a cell with a delimiter in it" },
	{ "header", OPTION_CHOICE, "auto", 0, 0, "auto yes no",
	  "whether the first row holds the names of the columns" },
	{ "skip", OPTION_TEXT, "auto", 0, 0, NULL,
	  "how many lines stand before the first row" },
	{ "decimal", OPTION_CHOICE, "auto", 0, 0, "auto . ,",
	  "the decimal mark of numbers" },
	{ "thousands", OPTION_CHOICE, "auto", 0, 0,
	  "auto none , . apostrophe blank",
	  "the mark between the thousands of numbers" },
	{ "missing", OPTION_TEXT, NULL, 0, 0, NULL,
	  "texts that stand for a missing cell, with commas between them" },
	{ "dates", OPTION_CHOICE, "auto", 0, 0, "auto day-first month-first",
	  "what 1/2/2024 means" },
	{ 0 }
};

static const char default_missing[] = "NA,N/A,#N/A,NaN,NULL,None,?,-";

/* What historians write for a value that they do not have. */
static const char historian_missing[] = "Bad,I/O Timeout,No Data,Bad Input";

/*
 * Missing cells
 */

static bool is_missing(const struct missing *m, const struct cell *cell)
{
	if (cell->len > m->longest || !m->begins[(unsigned char)*cell->text])
		return false;
	/* A NUL in the cell must not look like the end of the text. */
	for (size_t i = 0; i < m->n; i++)
		if (strlen(m->text[i]) == cell->len &&
		    !strncasecmp(m->text[i], cell->text, cell->len))
			return true;
	return false;
}

bool dialect_missing(const struct dialect *d, const char *text, size_t len,
		     bool among_numbers)
{
	struct cell cell = cell_trimmed(text, len);

	return cell.len == 0 || is_missing(&d->missing, &cell) ||
	       (among_numbers && is_missing(&d->in_numbers, &cell));
}

static void add_missing(struct missing *m, const char *text, size_t len)
{
	struct cell cell = cell_trimmed(text, len);
	unsigned char first;

	if (cell.len == 0)
		return;
	m->text = mem_grow(m->text, m->n, sizeof(*m->text));
	m->text[m->n++] = mem_strndup(cell.text, cell.len);
	if (cell.len > m->longest)
		m->longest = cell.len;
	first = (unsigned char)*cell.text;
	m->begins[first] = true;
	if (first >= 'A' && first <= 'Z')
		m->begins[first - 'A' + 'a'] = true;
	if (first >= 'a' && first <= 'z')
		m->begins[first - 'a' + 'A'] = true;
}

static void set_missing(struct missing *m, const char *list)
{
	for (;;) {
		size_t len = strcspn(list, ",");

		add_missing(m, list, len);
		if (!list[len])
			return;
		list += len + 1;
	}
}

static void clear_missing(struct missing *m)
{
	for (size_t i = 0; i < m->n; i++)
		free(m->text[i]);
	free(m->text);
}

bool dialect_number(const struct dialect *d, const char *text, size_t len,
		    double *x)
{
	return number_read(text, len, d->decimal, d->thousands, x);
}

/*
 * What the user says
 */

/* The mark that a word stands for. */
static int mark_of(const char *word)
{
	static const struct {
		const char *word;
		int mark;
	} names[] = {
		{ "auto", SNIFF_AUTO }, { "tab", '\t' }, { "blanks", ' ' },
		{ "double", '"' }, { "single", '\'' }, { "none", 0 },
		{ "apostrophe", '\'' }, { "blank", ' ' }
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (!strcmp(names[i].word, word))
			return names[i].mark;
	return *word;
}

/* Lines to skip, SNIFF_AUTO, or one of the two errors. */
static bool read_skip(const char *text, long *lines, struct err *err)
{
	char *end;

	*lines = SNIFF_AUTO;
	if (!strcmp(text, "auto"))
		return true;
	*lines = strtol(text, &end, 10);
	if (*text < '0' || *text > '9' || *end)
		return err_set(err, ERR_USAGE, "skip=%.60s: auto or a number "
			       "of lines is wanted", text);
	if (*lines > SKIP_MOST)
		return err_set(err, ERR_USAGE, "skip=%.60s: it goes to %d",
			       text, SKIP_MOST);
	return true;
}

/* Move *at behind so many lines. */
static bool pass_lines(int fd, uint64_t *at, uint64_t end, long lines,
		       struct err *err)
{
	size_t left = (size_t)lines, n = 1;
	struct sample sample;
	bool good = true;

	while (good && left > 0 && n > 0) {
		good = sample_read(&sample, fd, *at, end, err);
		n = good ? sample_pass(&sample, &left) : 0;
		*at += n;
		sample_clear(&sample);
	}
	return good && (left == 0 ||
			err_set(err, ERR_USAGE, "skip=%ld: the file has %ld "
				"lines", lines, lines - (long)left));
}

static enum dates dates_of(const char *word)
{
	return !strcmp(word, "day-first") ? DATES_DAY_FIRST
	     : !strcmp(word, "month-first") ? DATES_MONTH_FIRST : DATES_AUTO;
}

/*
 * Finding the rest
 */

static void find_header(struct sniff *s, const char *word)
{
	struct dialect *d = s->dialect;

	if (!strcmp(word, "auto")) {
		sniff_header(s);
		return;
	}
	d->header = !strcmp(word, "yes");
	sniff_say(d, DIALECT_HEADER, word, 1, "the user said so");
}

static void find_skip(struct sniff *s, long lines)
{
	char value[24];

	if (lines == SNIFF_AUTO) {
		sniff_skip(s);
		return;
	}
	s->dialect->skip = (size_t)lines;
	snprintf(value, sizeof(value), "%ld", lines);
	sniff_say(s->dialect, DIALECT_SKIP, value, 1, "the user said so");
}

static void find_all(struct sniff *s, const struct option_values *options,
		     long skip)
{
	sniff_say(s->dialect, DIALECT_ENCODING, "UTF-8", 0.5,
		  "it is read as it is");
	sniff_lines(s);
	sniff_delimiter(s, mark_of(options_text(options, "delimiter")),
			mark_of(options_text(options, "quote")));
	find_skip(s, skip);
	sniff_marks(s, mark_of(options_text(options, "decimal")),
		    mark_of(options_text(options, "thousands")));
	find_header(s, options_text(options, "header"));
}

static bool find_in(struct dialect *d, int fd, uint64_t start, uint64_t end,
		    const struct option_values *options, uint64_t *first,
		    struct err *err)
{
	const char *missing = options_text(options, "missing");
	struct sample sample = { 0 };
	struct sniff s = { .dialect = d, .sample = &sample };
	long skip;
	bool good;

	set_missing(&d->missing, missing ? missing : default_missing);
	if (!missing)
		set_missing(&d->in_numbers, historian_missing);
	d->dates = dates_of(options_text(options, "dates"));
	if (!read_skip(options_text(options, "skip"), &skip, err) ||
	    (skip > 0 && !pass_lines(fd, &start, end, skip, err)))
		return false;
	good = sample_read(&sample, fd, start, end, err);
	if (good) {
		find_all(&s, options, skip);
		*first = start + (s.top ? s.cut.row[s.top].begin : 0);
	}
	cut_clear(&s.cut);
	sample_clear(&sample);
	return good;
}

/* What cannot both be true. */
static bool check_marks(const struct dialect *d, struct err *err)
{
	if (d->thousands && d->thousands == d->decimal)
		return err_set(err, ERR_USAGE, "decimal=%c thousands=%c: they "
			       "must not be the same", d->decimal, d->decimal);
	return true;
}

bool dialect_find(struct dialect *d, int fd, uint64_t start, uint64_t end,
		  const struct option_values *options, uint64_t *first,
		  struct err *err)
{
	struct option_values defaults;
	bool found;

	options_init(&defaults, source_options);
	found = find_in(d, fd, start, end, options ? options : &defaults,
			first, err) &&
		check_marks(d, err);
	options_clear(&defaults);
	return found;
}

void dialect_clear(struct dialect *d)
{
	clear_missing(&d->missing);
	clear_missing(&d->in_numbers);
}
