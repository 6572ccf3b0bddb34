#include "clean/columns.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "clean/changes.h"

/* One column before one rule: what is known, or is to be found out. */
struct study {
	bool wanted;		/* the rule is to change it */
	struct memo_key key;
	const struct treatment *before;	/* NULL: it does not come to it */
	struct memo *memo;	/* borrowed from the memory */
};

/* What one rule learns of each feature, and from which rows. */
struct studies {
	const struct cleaning *in;
	const struct rule_use *use;
	const struct rows *rows;	/* to learn from */
	const struct rows *counted;	/* where changes are looked for */
	const uint64_t *counted_bits;	/* bit i: row i is one of them */
	bool drops;
	struct memo_key key;	/* of all that is the same for all columns */
	struct study *of;	/* owned; for each feature */
};

/* Rules that learn from the same rows: column by column, rule by rule. */
struct segment {
	const struct cleaning *in;
	size_t n;
	struct studies all[RULES_MAX];
	size_t place[RULES_MAX];	/* in the ledger */
	const struct treatment *treatment;	/* before them, by column */
	const struct memo_key *chain;	/* what these came from */
};

/* ---- which columns ---- */

static struct memo_key key_rows(struct memo_key key, const struct rows *rows)
{
	return key_of(key, rows->row, rows->n * sizeof(*rows->row));
}

static struct memo_key key_column(size_t column)
{
	return key_of((struct memo_key){ 0 }, &column, sizeof(column));
}

static bool studies_begin(struct studies *s, struct err *err)
{
	const struct columns *features = s->in->features;
	bool *named = mem_array(s->in->table->columns, sizeof(*named));
	char *options = options_format(&s->use->options, true);
	struct columns columns;
	bool ok = rule_columns(s->in->table, s->use->rule, &s->use->options,
			       &columns, err);

	s->key = key_text((struct memo_key){ 0 }, s->use->rule->name);
	s->key = key_rows(key_text(s->key, options), s->rows);
	s->key = key_rows(s->key, s->counted);
	for (size_t k = 0; ok && k < columns.n; k++)
		named[columns.column[k]] = true;
	s->of = mem_array(features->n, sizeof(*s->of));
	for (size_t k = 0; k < features->n; k++)
		s->of[k].wanted = named[features->column[k]];
	free(columns.column);
	free(options);
	free(named);
	return ok;
}

/* Nobody needs to know what a rule that is off would make of every cell. */
static bool left_alone(const struct studies *s)
{
	return !s->use->on && s->use->rule->every;
}

/* ---- finding out ---- */

static void memo_drop(struct memo *m)
{
	free(m->number);
	free(m->level);
	free(m->code);
	free(m->blank);
	free(m->changed);
	free(m);
}

/* What the rule put in the place of what was there is the memo's. */
static void keep_arrays(struct memo *m, const struct treatment *before,
			const struct table *table, const struct column *c)
{
	const struct treatment *t = &m->treatment;

	m->number = t->number != before->number ? t->number : NULL;
	m->level = t->level != before->level ? t->level : NULL;
	m->code = t->code != before->code ? t->code : NULL;
	m->blank = t->blank != before->blank ? t->blank : NULL;
	m->bytes = sizeof(*m) + (m->level ? c->levels * sizeof(*m->level) : 0);
	if (m->number || m->code)
		m->bytes += table->rows * (sizeof(double) + 1);
}

static bool find_out(const struct studies *all, struct study *s,
		     struct lesson *lesson, struct job *job, struct err *err)
{
	const struct rule *rule = all->use->rule;
	const struct column *c = &lesson->table->column[lesson->column];
	struct memo *m = mem_new(sizeof(*m));
	bool ok;

	m->key = s->key;
	m->treatment = *s->before;
	lesson->options = &all->use->options;
	lesson->rows = all->rows;
	ok = rule->learn(lesson, &m->treatment, job, err);
	keep_arrays(m, s->before, lesson->table, c);
	ok = ok && (rule->every ||
		    changes_find(m, s->before, c, lesson->table->rows,
				 all->counted_bits, job, err));
	if (!ok) {
		memo_drop(m);
		return false;
	}
	#pragma omp critical (memory)
	memory_take(all->in->memory, m);
	s->memo = m;
	return true;
}

static size_t most_levels(const struct cleaning *in)
{
	size_t most = 0;

	for (size_t k = 0; k < in->features->n; k++) {
		size_t c = in->features->column[k];

		if (in->table->column[c].levels > most)
			most = in->table->column[c].levels;
	}
	return most;
}

/* One feature, rule after rule; the lesson's room is the thread's own. */
static bool study_column(struct segment *seg, size_t k, struct lesson *lesson,
			 struct job *job, struct err *err)
{
	size_t c = seg->in->features->column[k];
	const struct treatment *before = &seg->treatment[c];
	struct memo_key chain = seg->chain[c];

	lesson->column = c;
	for (size_t r = 0; r < seg->n && !before->dropped; r++) {
		struct studies *all = &seg->all[r];
		struct study *s = &all->of[k];

		if (!s->wanted)
			continue;
		s->before = before;
		if (left_alone(all))
			continue;
		if (job_cancelled(job))
			return err_cancelled(err);
		s->key = key_of(all->key, &chain, sizeof(chain));
		#pragma omp critical (memory)
		s->memo = memory_find(seg->in->memory, s->key);
		if (!s->memo && !find_out(all, s, lesson, job, err))
			return false;
		if (!all->use->on || all->drops)
			continue;
		before = &s->memo->treatment;
		chain = s->key;
	}
	return true;
}

static bool has_room(const struct lesson *lesson, size_t n, struct err *err)
{
	return (lesson->value && lesson->room) ||
	       err_set(err, ERR_NOMEM, "no memory to learn from %zu rows", n);
}

/* Columns do not depend on each other: any thread may take any of them.  most
 * is the most rows that are learned from. */
static bool study_all(struct segment *seg, size_t most, struct job *job,
		      struct err *err)
{
	const struct table *table = seg->in->table;
	size_t levels = most_levels(seg->in) + 1;
	bool ok = true;

	#pragma omp parallel if (most >= ROWS_PARALLEL)
	{
		struct held held = { 0 };
		struct lesson lesson = {
			.table = table, .held = &held,
			.value = malloc((most + 1) * sizeof(double)),
			.room = malloc((most + 1) * sizeof(double)),
			.count = mem_array(levels, sizeof(size_t)),
		};

		#pragma omp for schedule(dynamic, 1)
		for (size_t k = 0; k < seg->in->features->n; k++) {
			struct err own = { 0 };

			if (has_room(&lesson, most, &own) &&
			    study_column(seg, k, &lesson, job, &own))
				continue;
			#pragma omp critical
			{
				if (ok && err)
					*err = own;
				ok = false;
			}
		}
		free(lesson.value);
		free(lesson.room);
		free(lesson.count);
	}
	return ok;
}

static void segment_clear(struct segment *seg)
{
	for (size_t r = 0; r < seg->n; r++)
		free(seg->all[r].of);
	seg->n = 0;
}

/* ---- what it comes to ---- */

static bool does_something(const struct study *s)
{
	const struct memo *m = s->memo;

	return m->cells > 0 || m->treatment.steps > s->before->steps ||
	       m->treatment.dropped || m->number || m->level || m->code;
}

static uint64_t rows_changed(const struct studies *all, size_t word)
{
	uint64_t bits = 0;

	for (size_t k = 0; k < all->in->features->n; k++)
		if (all->of[k].memo && all->of[k].memo->changed)
			bits |= all->of[k].memo->changed[word];
	return bits;
}

static size_t words_of(const struct table *table)
{
	return (table->rows + WORD - 1) / WORD;
}

/* of[i]: a cell of row i of the table changes, and it is counted. */
static void mark_changed(const struct studies *all, bool *of)
{
	memset(of, 0, all->in->table->rows);
	for (size_t w = 0; w < words_of(all->in->table); w++) {
		uint64_t bits = rows_changed(all, w);

		for (size_t i = w * WORD; bits; i++, bits >>= 1)
			of[i] = bits & 1;
	}
}

/* The classes of the rows of one word. */
static void count_classes(const struct classes *classes, size_t word,
			  uint64_t bits, struct effect *effect)
{
	const uint8_t *class = classes->of + word * WORD;

	for (; bits; class++, bits >>= 1)
		if ((bits & 1) && *class != CLASS_NONE)
			effect->class[*class]++;
}

static void sum_columns(const struct studies *all, struct effect *effect)
{
	bool every = all->use->rule->every;

	for (size_t k = 0; k < all->in->features->n; k++) {
		const struct study *s = &all->of[k];

		if (!s->before)
			continue;
		if (!s->memo) {		/* it was left alone */
			effect->columns++;
			continue;
		}
		effect->cells += s->memo->cells;
		effect->columns += every ? does_something(s)
			: s->memo->cells > 0 || s->memo->treatment.dropped;
	}
}

static void sum_up(const struct studies *all, struct effect *effect)
{
	const struct classes *classes = all->in->classes;
	size_t words = words_of(all->in->table);

	*effect = (struct effect){ .known = true };
	sum_columns(all, effect);
	for (size_t w = 0; effect->cells > 0 && w < words; w++) {
		uint64_t bits = rows_changed(all, w);

		effect->rows += changes_in(bits);
		if (bits && classes && classes->n)
			count_classes(classes, w, bits, effect);
	}
}

/* Set the bit of each of the rows, which are in the order of the file. */
static void set_bits(const struct rows *rows, size_t words, uint64_t *bits)
{
	size_t at = 0;
	uint64_t word = 0;

	memset(bits, 0, words * sizeof(*bits));
	for (size_t i = 0; i < rows->n; i++) {
		if (rows->row[i] / WORD != at) {
			bits[at] = word;
			at = rows->row[i] / WORD;
			word = 0;
		}
		word |= UINT64_C(1) << rows->row[i] % WORD;
	}
	if (rows->n > 0)
		bits[at] = word;
}

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
	     study_all(&seg, rows->n, job, err);
	if (ok)
		mark_changed(&seg.all[0], gone);
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

	mark_changed(all, c->of);
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
	if (!study_all(seg, c->used.n, job, err))
		return false;
	for (size_t r = 0; r < seg->n; r++) {
		const struct studies *all = &seg->all[r];

		sum_up(all, &c->ledger->of[seg->place[r]].effect);
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
	    !rows_room(&c->used, used->n, err) ||
	    !rows_room(&c->in_order, used->n, err))
		return err_set(err, ERR_NOMEM, "no memory to clean %zu rows",
			       c->in->table->rows);
	memcpy(c->used.row, used->row, used->n * sizeof(*used->row));
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
