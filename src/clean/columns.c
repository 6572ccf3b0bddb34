#include "clean/columns.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "clean/changes.h"
#include "clean/study.h"

/* ---- as a row rule ---- */

bool columns_take(const struct cleaning *in, const struct rule_use *use,
		  const struct rows *rows, bool *gone, struct job *job,
		  struct err *err)
{
	size_t columns = in->table->columns;
	struct treatment *none = mem_array(columns, sizeof(*none));
	struct memo_key *chain = mem_array(columns, sizeof(*chain));
	struct segment seg = { .in = in, .n = 1, .treatment = none,
			       .chain = chain };
	size_t words = words_of(in->table);
	uint64_t *bits = mem_try(words + 1, sizeof(*bits));
	bool ok = bits || err_set(err, ERR_NOMEM, "no memory to clean %zu "
				  "rows", in->table->rows);

	for (size_t c = 0; c < columns; c++) {
		treatment_init(&none[c]);
		chain[c] = key_column(c);
	}
	seg.all[0] = (struct studies){ .in = in, .use = use, .rows = rows,
				       .counted = rows, .counted_bits = bits,
				       .drops = true };
	if (ok)
		set_bits(rows, words, bits);
	ok = ok && studies_begin(&seg.all[0], err) &&
	     segment_study(&seg, rows->n, job, err);
	if (ok)
		studies_mark(&seg.all[0], gone);
	/* From row of the table to place: never before one still to be read. */
	for (size_t i = 0; ok && i < rows->n; i++)
		gone[i] = gone[rows->row[i]];
	segment_clear(&seg);
	free(bits);
	free(chain);
	free(none);
	return ok;
}

/* ---- all of them in turn ---- */

/* The work on its way through the rules. */
struct course {
	const struct cleaning *in;
	struct rows used;		/* owned; in the order of the file */
	struct rows *train;
	struct rows in_order;		/* owned; train, in that order */
	bool *of;		/* room: one for each row of the table */
	/* Owned: which rows of the table are among used and in_order. */
	uint64_t *used_bits, *train_bits;
	struct treatment *treatment;
	struct memo_key *chain;		/* what these came from */
	struct lessons *lessons;
	struct ledger *ledger;
};

/* The rows of all that are among some; all are in the order of the file, those
 * of a split are not.  of has room for every row of the table. */
static void keep_among(const struct rows *all, const struct rows *some,
		       bool *of, struct rows *kept)
{
	size_t last = all->n ? all->row[all->n - 1] + 1 : 0, n = 0;

	memset(of, 0, last);
	for (size_t i = 0; i < some->n; i++)
		of[some->row[i]] = true;
	/* Without a branch, which would be guessed wrong for every other row
	 * that does not train. */
	for (size_t i = 0; i < all->n; i++) {
		kept->row[n] = all->row[i];
		n += of[all->row[i]];
	}
	kept->n = n;
}

/* Take out of rows what gone says, by number of row. */
static void take_gone(struct rows *rows, const bool *gone)
{
	size_t n = 0;

	for (size_t i = 0; i < rows->n; i++)
		if (!gone[rows->row[i]])
			rows->row[n++] = rows->row[i];
	rows->n = n;
}

/* The training rows that would change go; train keeps its own order. */
static void drop_changed(struct course *c, const struct studies *all)
{
	size_t n = c->in_order.n;

	studies_mark(all, c->of);
	take_gone(&c->in_order, c->of);
	take_gone(&c->used, c->of);
	take_gone(c->train, c->of);
	c->ledger->used -= n - c->in_order.n;
}

/* What the rule has learned is put down, and what it makes of the columns is
 * where the next begins. */
static void take_treatments(struct course *c, const struct studies *all)
{
	const struct columns *features = c->in->features;
	char name[RULE_NAME];

	rule_use_name(all->use, name);
	for (size_t k = 0; k < features->n; k++) {
		const struct study *s = &all->of[k];
		size_t column = features->column[k];

		if (!s->memo)
			continue;
		if (c->lessons)
			lessons_add(c->lessons, name,
				    &c->in->table->column[column], s->before,
				    &s->memo->treatment);
		if (all->drops)
			continue;
		c->chain[column] = s->key;
		c->treatment[column] = s->memo->treatment;
	}
}

/* The rules from *i on that learn from the same rows: up to one that is on and
 * takes some of these out. */
static bool segment_begin(struct course *c, struct segment *seg, size_t *i,
			  struct err *err)
{
	size_t words = words_of(c->in->table);

	*seg = (struct segment){ .in = c->in, .treatment = c->treatment,
				 .chain = c->chain };
	set_bits(&c->used, words, c->used_bits);
	set_bits(&c->in_order, words, c->train_bits);
	for (bool last = false; *i < c->in->rules && !last; ++*i) {
		const struct rule_use *use = &c->in->use[*i];
		bool drops = c->ledger->of[*i].drops;
		bool from_all;

		c->ledger->of[*i].on = use->on;
		if (c->ledger->of[*i].kind != RULE_COLUMNS ||
		    (!use->on && !c->in->costs))
			continue;
		from_all = !strcmp(options_text(&use->options, "fit"), "all");
		seg->place[seg->n] = *i;
		seg->all[seg->n++] = (struct studies){
			.in = c->in, .use = use, .drops = drops,
			.rows = from_all ? &c->used : &c->in_order,
			.counted = drops ? &c->in_order : &c->used,
			.counted_bits = drops ? c->train_bits : c->used_bits };
		if (!studies_begin(&seg->all[seg->n - 1], err))
			return false;
		last = use->on && drops;
	}
	return true;
}

static bool use_segment(struct course *c, struct segment *seg,
			struct job *job, struct err *err)
{
	if (seg->n == 0)
		return true;
	if (!segment_study(seg, c->used.n, job, err))
		return false;
	for (size_t r = 0; r < seg->n; r++) {
		const struct studies *all = &seg->all[r];

		studies_sum(all, &c->ledger->of[seg->place[r]].effect);
		if (!all->use->on)
			continue;
		take_treatments(c, all);
		if (all->drops)
			drop_changed(c, all);
	}
	return true;
}

static bool course_begin(struct course *c, const struct rows *used,
			 struct err *err)
{
	size_t columns = c->in->table->columns, words = words_of(c->in->table);

	c->chain = mem_array(columns, sizeof(*c->chain));
	for (size_t k = 0; k < columns; k++) {
		treatment_init(&c->treatment[k]);
		c->chain[k] = key_column(k);
	}
	c->of = mem_try(c->in->table->rows + 1, sizeof(*c->of));
	c->used_bits = mem_try(words + 1, sizeof(*c->used_bits));
	c->train_bits = mem_try(words + 1, sizeof(*c->train_bits));
	if (!c->of || !c->used_bits || !c->train_bits ||
	    !rows_copy(&c->used, used, err) ||
	    !rows_room(&c->in_order, used->n, err))
		return err_set(err, ERR_NOMEM, "no memory to clean %zu rows",
			       c->in->table->rows);
	keep_among(used, c->train, c->of, &c->in_order);
	return true;
}

bool clean_columns(const struct cleaning *in, const struct rows *used,
		   struct rows *train, struct treatment *treatment,
		   struct lessons *lessons, struct ledger *ledger,
		   struct job *job, struct err *err)
{
	struct course c = { .in = in, .train = train, .treatment = treatment,
			    .lessons = lessons, .ledger = ledger };
	bool ok = course_begin(&c, used, err);

	for (size_t i = 0; ok && i < in->rules; ) {
		struct segment seg;

		ok = segment_begin(&c, &seg, &i, err) &&
		     use_segment(&c, &seg, job, err);
		segment_clear(&seg);
	}
	rows_clear(&c.used);
	rows_clear(&c.in_order);
	free(c.of);
	free(c.used_bits);
	free(c.train_bits);
	free(c.chain);
	if (!ok && lessons)
		lessons_clear(lessons);
	return ok;
}
