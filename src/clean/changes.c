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

/* What one step that only picks cells would change: there is no need to take
 * it. */
static uint64_t picked(const struct step *s, const double *x, size_t n)
{
	const double a = s->a, b = s->b;
	uint64_t bits = 0;

	if (s->kind == STEP_FILL) {
		#pragma omp simd reduction(| : bits)
		for (size_t i = 0; i < n; i++)
			bits |= x[i] != x[i] ? UINT64_C(1) << i : 0;
	} else {
		#pragma omp simd reduction(| : bits)
		for (size_t i = 0; i < n; i++)
			bits |= (x[i] < a) | (x[i] > b) ? UINT64_C(1) << i : 0;
	}
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

/* The cells from a row on after the first steps: as they lie in the column, or
 * in room. */
static const double *numbers_from(const struct treatment *t, size_t steps,
				  const struct column *c, size_t row,
				  size_t n, double *room)
{
	const double *cell = (t->number ? t->number : c->number) + row;

	if (steps == 0)
		return cell;
	memcpy(room, cell, n * sizeof(*room));
	steps_take(t->step, steps, room, n);
	return room;
}

/* Cells before and after, for what is not so simple. */
static void compare(const struct memo *m, const struct treatment *before,
		    const struct column *c, size_t row, size_t n,
		    uint64_t *bits)
{
	const struct treatment *after = &m->treatment;
	double room[2][TILE];
	const double *old = numbers_from(before, before->steps, c, row, n,
					 room[0]);
	const double *new = numbers_from(after, after->steps, c, row, n,
					 room[1]);

	for (size_t i = 0; i < n; i += WORD)
		bits[i / WORD] = differing(old + i, new + i,
					   n - i < WORD ? n - i : WORD);
}

static void change_numbers(const struct memo *m,
			   const struct treatment *before,
			   const struct column *c, size_t row, size_t n,
			   uint64_t *bits)
{
	const double *old;
	double room[TILE];

	if (!picks(m, before)) {
		compare(m, before, c, row, n, bits);
		return;
	}
	old = numbers_from(before, steps_needed(m, before), c, row, n, room);
	for (size_t i = 0; i < n; i += WORD)
		bits[i / WORD] = picked(&m->treatment.step[before->steps],
					old + i, n - i < WORD ? n - i : WORD);
}

static void change_levels(const struct memo *m,
			  const struct treatment *before,
			  const struct column *c, size_t row, size_t n,
			  uint64_t *bits)
{
	for (size_t i = 0; i < n; i++)
		bits[i / WORD] |= (uint64_t)(
			treatment_code(before, c, row + i) !=
			treatment_code(&m->treatment, c, row + i)) << i % WORD;
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

/* The bits of each two, four and eight are added up side by side. */
size_t changes_in(uint64_t word)
{
	word -= word >> 1 & UINT64_C(0x5555555555555555);
	word = (word & UINT64_C(0x3333333333333333)) +
	       (word >> 2 & UINT64_C(0x3333333333333333));
	word = (word + (word >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
	return word * UINT64_C(0x0101010101010101) >> 56;
}

bool changes_find(struct memo *m, const struct treatment *before,
		  const struct column *c, size_t rows, const uint64_t *counted,
		  struct job *job, struct err *err)
{
	size_t words = (rows + WORD - 1) / WORD;

	if (changes_nothing(m, before, c))
		return true;
	m->changed = mem_try(words + 1, sizeof(*m->changed));
	if (!m->changed)
		return err_set(err, ERR_NOMEM, "no memory to count what %zu "
			       "rows would lose", rows);
	m->bytes += words * sizeof(*m->changed);
	for (size_t row = 0; row < rows; row += TILE) {
		size_t n = rows - row < TILE ? rows - row : TILE;
		uint64_t *bits = m->changed + row / WORD;

		if (row % (64 * TILE) == 0 && job_cancelled(job))
			return err_cancelled(err);
		if (c->number)
			change_numbers(m, before, c, row, n, bits);
		else
			change_levels(m, before, c, row, n, bits);
	}
	for (size_t i = 0; i < words; i++) {
		m->changed[i] &= counted[i];
		m->cells += changes_in(m->changed[i]);
	}
	return true;
}
