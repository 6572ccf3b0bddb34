#include "clean/study.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "clean/changes.h"

/* ---- which columns ---- */

static struct memo_key key_rows(struct memo_key key, const struct rows *rows)
{
	return key_of(key, rows->row, rows->n * sizeof(*rows->row));
}

struct memo_key key_column(size_t column)
{
	return key_of((struct memo_key){ 0 }, &column, sizeof(column));
}

bool studies_begin(struct studies *s, struct err *err)
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
		memo_free(m);
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
bool segment_study(struct segment *seg, size_t most, struct job *job,
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

void segment_clear(struct segment *seg)
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

size_t words_of(const struct table *table)
{
	return (table->rows + WORD - 1) / WORD;
}

void set_bits(const struct rows *rows, size_t words, uint64_t *bits)
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

void studies_mark(const struct studies *all, bool *of)
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

void studies_sum(const struct studies *all, struct effect *effect)
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
