#include "clean/columns.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Rows that are looked at together; a multiple of the bits of a word. */
enum { TILE = 1024, WORD = 64 };

/* One column before one rule: what is known, or is to be found out. */
struct study {
	size_t column;
	struct memo_key key;
	const struct treatment *before;
	struct memo *memo;	/* borrowed from the memory, unless fresh */
	bool fresh;		/* found out just now */
};

/* The columns that a rule learns of, and from which rows. */
struct studies {
	const struct cleaning *in;
	const struct rule_use *use;
	const struct rows *rows;	/* to learn from */
	const struct rows *counted;	/* where changes are looked for */
	size_t n;
	struct study *of;		/* owned */
};

/* ---- which columns ---- */

/* The features that the rule is to change. */
static bool columns_for(const struct cleaning *in, const struct rule_use *use,
			struct columns *chosen, struct err *err)
{
	bool *wanted = mem_array(in->table->columns, sizeof(*wanted));
	struct columns named;
	bool ok = rule_columns(in->table, use->rule, &use->options, &named,
			       err);

	for (size_t k = 0; ok && k < named.n; k++)
		wanted[named.column[k]] = true;
	chosen->n = 0;
	chosen->column = mem_array(in->features->n, sizeof(*chosen->column));
	for (size_t k = 0; ok && k < in->features->n; k++)
		if (wanted[in->features->column[k]])
			chosen->column[chosen->n++] = in->features->column[k];
	free(named.column);
	free(wanted);
	return ok;
}

static struct memo_key key_rows(struct memo_key key, const struct rows *rows)
{
	return key_of(key, rows->row, rows->n * sizeof(*rows->row));
}

static struct memo_key key_column(struct memo_key key, size_t column)
{
	return key_of(key, &column, sizeof(column));
}

static bool studies_begin(struct studies *s, const struct treatment *before,
			  const struct memo_key *chain, struct err *err)
{
	char *options = options_format(&s->use->options, true);
	struct memo_key key = key_text((struct memo_key){ 0 },
				       s->use->rule->name);
	struct columns chosen;
	bool ok = columns_for(s->in, s->use, &chosen, err);

	key = key_rows(key_rows(key_text(key, options), s->rows), s->counted);
	free(options);
	s->n = 0;
	s->of = mem_array(chosen.n, sizeof(*s->of));
	for (size_t k = 0; ok && k < chosen.n; k++) {
		size_t c = chosen.column[k];

		if (before[c].dropped)
			continue;
		s->of[s->n++] = (struct study){
			.column = c, .before = &before[c],
			.key = key_of(key, &chain[c], sizeof(chain[c])) };
	}
	free(chosen.column);
	return ok;
}

/* ---- what changes ---- */

/* Bits of one word: cells that are not the same; missing is like missing. */
static uint64_t differing(const double *old, const double *new, size_t n)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < n; i++)
		bits |= (uint64_t)(old[i] != new[i] &&
				   (old[i] == old[i] || new[i] == new[i])) << i;
	return bits;
}

/* What one step that only picks cells would change: there is no need to take
 * it. */
static uint64_t picked(const struct step *s, const double *x, size_t n)
{
	uint64_t bits = 0;

	if (s->kind == STEP_FILL)
		for (size_t i = 0; i < n; i++)
			bits |= (uint64_t)(x[i] != x[i]) << i;
	else
		for (size_t i = 0; i < n; i++)
			bits |= (uint64_t)((x[i] < s->a) | (x[i] > s->b)) << i;
	return bits;
}

static bool picks(const struct memo *m, const struct treatment *before)
{
	const struct step *s = &m->treatment.step[before->steps];

	return !m->number && m->treatment.steps == before->steps + 1 &&
	       (s->kind == STEP_FILL || s->kind == STEP_CLIP ||
		s->kind == STEP_BLANK);
}

/* Cells before and after, for what is not so simple. */
static void compare(const struct memo *m, const struct treatment *before,
		    const struct column *c, const uint32_t *row, size_t n,
		    const double *old, uint64_t *bits)
{
	const struct treatment *after = &m->treatment;
	size_t old_steps = m->number ? 0 : before->steps;
	double new[TILE];

	if (m->number)
		treatment_numbers(after, 0, c, row, n, new);
	else
		memcpy(new, old, n * sizeof(*new));
	/* A column anew goes through all the steps, else the added ones. */
	steps_take(after->step + old_steps, after->steps - old_steps, new, n);
	for (size_t i = 0; i < n; i += WORD)
		bits[i / WORD] = differing(old + i, new + i,
					   n - i < WORD ? n - i : WORD);
}

static void change_numbers(struct memo *m, const struct treatment *before,
			   const struct column *c, const uint32_t *row,
			   size_t n, uint64_t *bits)
{
	double old[TILE];

	treatment_numbers(before, before->steps, c, row, n, old);
	if (!picks(m, before)) {
		compare(m, before, c, row, n, old, bits);
		return;
	}
	for (size_t i = 0; i < n; i += WORD)
		bits[i / WORD] = picked(&m->treatment.step[before->steps],
					old + i, n - i < WORD ? n - i : WORD);
}

static void change_levels(struct memo *m, const struct treatment *before,
			  const struct column *c, const uint32_t *row,
			  size_t n, uint64_t *bits)
{
	for (size_t i = 0; i < n; i++)
		bits[i / WORD] |= (uint64_t)(
			treatment_code(before, c, row[i]) !=
			treatment_code(&m->treatment, c, row[i])) << i % WORD;
}

/* A treatment that was not added to, or that fills where nothing is missing,
 * changes no cell: there is no need to look. */
static bool changes_nothing(const struct memo *m,
			    const struct treatment *before,
			    const struct column *c)
{
	const struct treatment *t = &m->treatment;
	bool fills = true;

	if (m->number || m->code || m->level)
		return false;
	for (size_t i = before->steps; i < t->steps; i++)
		fills &= t->step[i].kind == STEP_FILL;
	return fills &&
	       ((t->steps == before->steps &&
		 t->missing_as == before->missing_as) ||
		!treatment_may_lack(before, before->steps, c));
}

static size_t ones_in(uint64_t word)
{
	size_t n = 0;

	for (; word; word &= word - 1)
		n++;
	return n;
}

static bool count_changes(struct memo *m, const struct study *s,
			  const struct column *c, const struct rows *rows,
			  struct job *job, struct err *err)
{
	size_t words = (rows->n + WORD - 1) / WORD;

	if (changes_nothing(m, s->before, c))
		return true;
	m->changed = mem_try(words + 1, sizeof(*m->changed));
	if (!m->changed)
		return err_set(err, ERR_NOMEM, "no memory to count what %zu "
			       "rows would lose", rows->n);
	m->bytes += words * sizeof(*m->changed);
	for (size_t start = 0; start < rows->n; start += TILE) {
		size_t n = rows->n - start < TILE ? rows->n - start : TILE;
		uint64_t *bits = m->changed + start / WORD;

		if (start % (64 * TILE) == 0 && job_cancelled(job))
			return err_cancelled(err);
		if (c->number)
			change_numbers(m, s->before, c, rows->row + start, n,
				       bits);
		else
			change_levels(m, s->before, c, rows->row + start, n,
				      bits);
	}
	for (size_t i = 0; i < words; i++)
		m->cells += ones_in(m->changed[i]);
	return true;
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
	const struct column *c = &lesson->table->column[s->column];
	struct memo *m = mem_new(sizeof(*m));
	bool ok;

	m->key = s->key;
	m->treatment = *s->before;
	lesson->column = s->column;
	ok = rule->learn(lesson, &m->treatment, job, err);
	keep_arrays(m, s->before, lesson->table, c);
	ok = ok && (rule->every ||
		    count_changes(m, s, c, all->counted, job, err));
	if (!ok) {
		memo_drop(m);
		return false;
	}
	s->memo = m;
	s->fresh = true;
	return true;
}

static size_t most_levels(const struct table *table)
{
	size_t most = 0;

	for (size_t c = 0; c < table->columns; c++)
		if (table->column[c].levels > most)
			most = table->column[c].levels;
	return most;
}

/* One thread's part: room is its own. */
static bool find_out_one(const struct studies *all, struct study *s,
			 const struct lesson *room, struct job *job,
			 struct err *err)
{
	struct lesson lesson = *room;

	if (!room->value || !room->room)
		return err_set(err, ERR_NOMEM, "no memory to learn from %zu "
			       "rows", all->rows->n);
	return job_cancelled(job) ? err_cancelled(err)
				  : find_out(all, s, &lesson, job, err);
}

/* Columns do not depend on each other: any thread may take any of them. */
static bool find_out_all(const struct studies *all, struct job *job,
			 struct err *err)
{
	const struct table *table = all->in->table;
	size_t levels = most_levels(table) + 1, n = all->rows->n;
	bool ok = true;

	#pragma omp parallel if (n >= ROWS_PARALLEL)
	{
		struct lesson lesson = {
			.table = table, .options = &all->use->options,
			.rows = all->rows,
			.value = malloc((n + 1) * sizeof(double)),
			.room = malloc((n + 1) * sizeof(double)),
			.count = mem_array(levels, sizeof(size_t)),
		};

		#pragma omp for schedule(dynamic, 1)
		for (size_t k = 0; k < all->n; k++) {
			struct err own = { 0 };

			if (all->of[k].memo ||
			    find_out_one(all, &all->of[k], &lesson, job, &own))
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

static bool studies_make(struct studies *all, struct job *job,
			 struct err *err)
{
	struct memory *memory = all->in->memory;
	size_t missing = 0;
	bool ok = true;

	for (size_t k = 0; k < all->n; k++) {
		all->of[k].memo = memory_find(memory, all->of[k].key);
		missing += !all->of[k].memo;
	}
	if (missing > 0)
		ok = find_out_all(all, job, err);
	for (size_t k = 0; k < all->n; k++)
		if (all->of[k].fresh)
			memory_take(memory, all->of[k].memo);
	return ok;
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

	for (size_t k = 0; k < all->n; k++)
		if (all->of[k].memo->changed)
			bits |= all->of[k].memo->changed[word];
	return bits;
}

/* of[i]: a cell of counted->row[i] changes. */
static void mark_changed(const struct studies *all, bool *of)
{
	size_t n = all->counted->n;

	memset(of, 0, n);
	for (size_t w = 0; w < (n + WORD - 1) / WORD; w++) {
		uint64_t bits = rows_changed(all, w);

		for (size_t i = w * WORD; bits; i++, bits >>= 1)
			of[i] = bits & 1;
	}
}

/* The classes of the rows of one word. */
static void count_classes(const struct studies *all, size_t word,
			  uint64_t bits, struct effect *effect)
{
	const struct classes *classes = all->in->classes;
	const uint32_t *row = all->counted->row + word * WORD;

	for (; bits; row++, bits >>= 1)
		if ((bits & 1) && classes->of[*row] != CLASS_NONE)
			effect->class[classes->of[*row]]++;
}

static void sum_up(const struct studies *all, struct effect *effect)
{
	size_t words = (all->counted->n + WORD - 1) / WORD;
	bool every = all->use->rule->every;

	*effect = (struct effect){ .known = true };
	for (size_t w = 0; !every && w < words; w++) {
		uint64_t bits = rows_changed(all, w);

		effect->rows += ones_in(bits);
		if (bits && all->in->classes && all->in->classes->n)
			count_classes(all, w, bits, effect);
	}
	for (size_t k = 0; k < all->n; k++) {
		effect->cells += all->of[k].memo->cells;
		effect->columns += every
			? does_something(&all->of[k])
			: all->of[k].memo->cells > 0 ||
			  all->of[k].memo->treatment.dropped;
	}
}

bool columns_take(const struct cleaning *in, const struct rule_use *use,
		  const struct rows *rows, bool *gone, struct job *job,
		  struct err *err)
{
	size_t columns = in->table->columns;
	struct treatment *none = mem_array(columns, sizeof(*none));
	struct memo_key *chain = mem_array(columns, sizeof(*chain));
	struct studies all = { .in = in, .use = use, .rows = rows,
			       .counted = rows };
	bool ok;

	for (size_t c = 0; c < columns; c++) {
		treatment_init(&none[c]);
		chain[c] = key_column((struct memo_key){ 0 }, c);
	}
	ok = studies_begin(&all, none, chain, err) &&
	     studies_make(&all, job, err);
	if (ok)
		mark_changed(&all, gone);
	free(all.of);
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
	bool *of;			/* room: one for each row of the table */
	struct treatment *treatment;
	struct memo_key *chain;	/* what treatments came from */
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
	for (size_t i = 0; i < all->n; i++)
		if (of[all->row[i]])
			kept->row[n++] = all->row[i];
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

	memset(c->of, 0, c->in->table->rows);
	for (size_t i = 0; i < n; i++)
		c->of[c->in_order.row[i]] =
			rows_changed(all, i / WORD) >> i % WORD & 1;
	take_gone(&c->in_order, c->of);
	take_gone(&c->used, c->of);
	take_gone(c->train, c->of);
	c->ledger->used -= n - c->in_order.n;
}

static void take_treatments(struct course *c, const struct studies *all,
			    bool drops)
{
	char name[RULE_NAME];

	rule_use_name(all->use, name);
	for (size_t k = 0; k < all->n; k++) {
		const struct study *s = &all->of[k];

		if (c->lessons)
			lessons_add(c->lessons, name,
				    &c->in->table->column[s->column],
				    s->before, &s->memo->treatment);
		if (drops)
			continue;
		c->chain[s->column] = s->key;
		c->treatment[s->column] = s->memo->treatment;
	}
}

static bool use_rule(struct course *c, size_t i, struct job *job,
		     struct err *err)
{
	const struct rule_use *use = &c->in->use[i];
	const char *fit = options_text(&use->options, "fit");
	bool from_all = fit && !strcmp(fit, "all");
	bool drops = c->ledger->of[i].drops;
	struct studies all = {
		.in = c->in, .use = use,
		.rows = from_all ? &c->used : &c->in_order,
		.counted = drops ? &c->in_order : &c->used
	};
	bool ok = studies_begin(&all, c->treatment, c->chain, err);

	if (!use->on && use->rule->every) {
		c->ledger->of[i].effect = (struct effect){ .known = true,
							   .columns = all.n };
		free(all.of);
		return ok;
	}
	ok = ok && studies_make(&all, job, err);
	if (ok)
		sum_up(&all, &c->ledger->of[i].effect);
	if (ok && use->on) {
		take_treatments(c, &all, drops);
		if (drops)
			drop_changed(c, &all);
	}
	free(all.of);
	return ok;
}

static bool course_begin(struct course *c, const struct rows *used,
			 struct err *err)
{
	size_t columns = c->in->table->columns;

	c->chain = mem_array(columns, sizeof(*c->chain));
	for (size_t k = 0; k < columns; k++) {
		treatment_init(&c->treatment[k]);
		c->chain[k] = key_column((struct memo_key){ 0 }, k);
	}
	c->of = mem_try(c->in->table->rows + 1, sizeof(*c->of));
	if (!c->of || !rows_room(&c->used, used->n, err) ||
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

	for (size_t i = 0; ok && i < in->rules; i++) {
		ledger->of[i].on = in->use[i].on;
		if (ledger->of[i].kind == RULE_COLUMNS &&
		    (in->use[i].on || in->costs))
			ok = use_rule(&c, i, job, err);
	}
	rows_clear(&c.used);
	rows_clear(&c.in_order);
	free(c.of);
	free(c.chain);
	if (!ok && lessons)
		lessons_clear(lessons);
	return ok;
}
