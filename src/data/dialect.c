#include "data/dialect.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "data/cell.h"
#include "data/number.h"
#include "data/reader.h"

/* The dialect is found in so many rows that begin in so many bytes. */
enum { SNIFF_ROWS = 100, SNIFF_BYTES = 65536 };

const struct option source_options[] = {
	{ "encoding", OPTION_TEXT, "auto", 0, 0, NULL,
	  "UTF-8, GBK, Latin1 and others; gzip and zstd are seen through" },
	{ "delimiter", OPTION_CHOICE, "auto", 0, 0, "auto , ; tab |",
	  "what stands between two cells" },
	{ "header", OPTION_CHOICE, "auto", 0, 0, "auto yes no",
	  "whether the first row holds the names of the columns" },
	{ "decimal", OPTION_CHOICE, "auto", 0, 0, "auto . ,",
	  "the decimal mark of numbers" },
	{ "missing", OPTION_TEXT, NULL, 0, 0, NULL,
	  "texts that stand for a missing cell, with commas between them" },
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
	for (size_t i = 0; i < m->n; i++)
		if (!strncasecmp(m->text[i], cell->text, cell->len) &&
		    m->text[i][cell->len] == '\0')
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
	return number_parse(text, len, d->decimal, x);
}

/*
 * Looking at the first rows
 */

/* The bytes that are looked at. */
struct sample {
	int fd;
	uint64_t start, end;
};

/* Call fn for each of the first rows as this dialect cuts them. */
static bool sniff(const struct sample *sample, const struct dialect *d,
		  void (*fn)(void *arg, size_t i, const struct row *row),
		  void *arg, struct err *err)
{
	struct reader *r = reader_new(sample->fd, d, sample->start,
				      SNIFF_BYTES, err);
	enum reading said = READ_ROW;
	struct row row;

	if (!r)
		return false;
	reader_limit(r, sample->end);
	for (size_t i = 0; i < SNIFF_ROWS; i++) {
		if (i > 0 && reader_at(r) >= sample->end)
			break;
		said = reader_next(r, &row, err);
		if (said != READ_ROW)
			break;
		fn(arg, i, &row);
	}
	reader_free(r);
	return said != READ_FAILED;
}

struct widths {
	size_t rows;
	size_t cells[SNIFF_ROWS];
};

static void note_width(void *arg, size_t i, const struct row *row)
{
	struct widths *w = arg;

	w->cells[i] = row->cells;
	w->rows = i + 1;
}

/* The part of the rows that have the most frequent number of cells; 0 when
 * that number is one. */
static double consistency(const struct widths *w)
{
	size_t most = 0, cells = 0;

	for (size_t i = 0; i < w->rows; i++) {
		size_t alike = 0;

		for (size_t j = 0; j < w->rows; j++)
			alike += w->cells[j] == w->cells[i];
		if (alike > most || (alike == most && w->cells[i] > cells)) {
			most = alike;
			cells = w->cells[i];
		}
	}
	return cells > 1 ? (double)most / (double)w->rows : 0;
}

/*
 * The delimiter which cuts the most rows into the same number of cells.  Where
 * two do so equally well it is the first of them: a comma between tabs or
 * semicolons is a decimal mark.
 */
static bool find_delimiter(struct dialect *d, const struct sample *sample,
			   struct err *err)
{
	struct dialect trial = *d;
	double best = 0;

	d->delimiter = ',';
	for (const char *c = "\t;,|"; *c; c++) {
		struct widths w = { 0 };
		double now;

		trial.delimiter = *c;
		if (!sniff(sample, &trial, note_width, &w, err))
			return false;
		now = consistency(&w);
		if (now > best) {
			best = now;
			d->delimiter = *c;
		}
	}
	return true;
}

/* How many cells are numbers only if the mark is a point, or a comma. */
struct marks {
	size_t points, commas;
};

static void note_marks(void *arg, size_t i, const struct row *row)
{
	struct marks *m = arg;
	double x;

	(void)i;
	for (size_t j = 0; j < row->cells; j++) {
		const struct cell *c = row->cell + j;
		bool point = number_parse(c->text, c->len, '.', &x);
		bool comma = number_parse(c->text, c->len, ',', &x);

		m->points += point && !comma;
		m->commas += comma && !point;
	}
}

/* Where numbers have a decimal comma, programs write ; between cells. */
static bool find_decimal(struct dialect *d, const struct sample *sample,
			 struct err *err)
{
	struct marks m = { 0 };

	d->decimal = '.';
	if (d->delimiter != ';')
		return true;
	if (!sniff(sample, d, note_marks, &m, err))
		return false;
	if (m.commas > m.points)
		d->decimal = ',';
	return true;
}

/*
 * Names are not numbers: without a header all the cells of the first row are
 * numbers or missing, and at least one is a number.
 */
struct heading {
	const struct dialect *dialect;
	bool names;
};

static void note_heading(void *arg, size_t i, const struct row *row)
{
	struct heading *h = arg;
	size_t numbers = 0;
	double x;

	if (i > 0)
		return;
	h->names = true;
	for (size_t j = 0; j < row->cells; j++) {
		const struct cell *c = row->cell + j;

		if (dialect_missing(h->dialect, c->text, c->len, true))
			continue;
		if (!dialect_number(h->dialect, c->text, c->len, &x))
			return;
		numbers++;
	}
	h->names = numbers == 0;
}

static bool find_header(struct dialect *d, const struct sample *sample,
			struct err *err)
{
	struct heading h = { d, true };

	if (!sniff(sample, d, note_heading, &h, err))
		return false;
	d->header = h.names;
	return true;
}

static bool find_all(struct dialect *d, const struct sample *sample,
		     const struct option_values *options, struct err *err)
{
	const char *delimiter = options_text(options, "delimiter");
	const char *decimal = options_text(options, "decimal");
	const char *header = options_text(options, "header");
	const char *missing = options_text(options, "missing");

	set_missing(&d->missing, missing ? missing : default_missing);
	if (!missing)
		set_missing(&d->in_numbers, historian_missing);
	d->quote = '"';
	if (!strcmp(delimiter, "tab"))
		d->delimiter = '\t';
	else if (strcmp(delimiter, "auto") != 0)
		d->delimiter = *delimiter;
	else if (!find_delimiter(d, sample, err))
		return false;
	if (strcmp(decimal, "auto") != 0)
		d->decimal = *decimal;
	else if (!find_decimal(d, sample, err))
		return false;
	if (!strcmp(header, "auto"))
		return find_header(d, sample, err);
	d->header = !strcmp(header, "yes");
	return true;
}

bool dialect_find(struct dialect *d, int fd, uint64_t start, uint64_t end,
		  const struct option_values *options, uint64_t *first,
		  struct err *err)
{
	struct sample sample = { fd, start, end };
	struct option_values defaults;
	bool found;

	options_init(&defaults, source_options);
	if (sample.end > start + SNIFF_BYTES)
		sample.end = start + SNIFF_BYTES;
	*first = start;
	found = find_all(d, &sample, options ? options : &defaults, err);
	options_clear(&defaults);
	return found;
}

void dialect_clear(struct dialect *d)
{
	clear_missing(&d->missing);
	clear_missing(&d->in_numbers);
}
