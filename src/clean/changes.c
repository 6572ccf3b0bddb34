#include "clean/changes.h"

#include <string.h>

#include "base/mem.h"

/* Rows that are looked at together; a multiple of the bits of a word. */
enum { TILE = 1024 };

/* Bits of one word: cells that are not the same; missing is like missing. */
static uint64_t differing(const double *old, const double *new, size_t n)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < n; i++)
		bits |= (uint64_t)(old[i] != new[i] &&
				   (old[i] == old[i] || new[i] == new[i])) << i;
	return bits;
}

/* Most words have no such cell; this loop does several at a time. */
static unsigned count_picked(const struct step *s, const double *x, size_t n)
{
	const double a = s->a, b = s->b;
	unsigned hits = 0;

	if (s->kind == STEP_FILL) {
		#pragma omp simd reduction(+ : hits)
		for (size_t i = 0; i < n; i++)
			hits += x[i] != x[i];
	} else {
		#pragma omp simd reduction(+ : hits)
		for (size_t i = 0; i < n; i++)
			hits += (x[i] < a) | (x[i] > b);
	}
	return hits;
}

/* What one step that only picks cells would change: there is no need to take
 * it. */
static uint64_t picked(const struct step *s, const double *x, size_t n)
{
	uint64_t bits = 0;

	if (count_picked(s, x, n) == 0)
		return 0;
	if (s->kind == STEP_FILL)
		for (size_t i = 0; i < n; i++)
			bits |= (uint64_t)(x[i] != x[i]) << i;
	else
		for (size_t i = 0; i < n; i++)
			bits |= (uint64_t)((x[i] < s->a) | (x[i] > s->b)) << i;
	return bits;
}

/* Where scaling and clipping are all that was done, the cells that are missing
 * are those of the file. */
static size_t steps_needed(const struct memo *m,
			   const struct treatment *before)
{
	if (m->treatment.step[before->steps].kind != STEP_FILL)
		return before->steps;
	for (size_t i = 0; i < before->steps; i++)
		if (before->step[i].kind != STEP_SCALE &&
		    before->step[i].kind != STEP_CLIP)
			return before->steps;
	return 0;
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

	if (!picks(m, before)) {
		treatment_numbers(before, before->steps, c, row, n, old);
		compare(m, before, c, row, n, old, bits);
		return;
	}
	treatment_numbers(before, steps_needed(m, before), c, row, n, old);
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

size_t changes_in(uint64_t word)
{
	size_t n = 0;

	for (; word; word &= word - 1)
		n++;
	return n;
}

bool changes_find(struct memo *m, const struct treatment *before,
		  const struct column *c, const struct rows *rows,
		  struct job *job, struct err *err)
{
	size_t words = (rows->n + WORD - 1) / WORD;

	if (changes_nothing(m, before, c))
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
			change_numbers(m, before, c, rows->row + start, n,
				       bits);
		else
			change_levels(m, before, c, rows->row + start, n,
				      bits);
	}
	for (size_t i = 0; i < words; i++)
		m->cells += changes_in(m->changed[i]);
	return true;
}
