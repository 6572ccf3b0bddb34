#include "data/typing.h"

#include <stdlib.h>
#include <string.h>

#include "data/odd.h"

/* One odd cell in twenty may be a fault of the plant; more are a text. */
enum { ODD_SHARE = 20 };

/* A category has at most so many levels; see enum column_type. */

/* Of more texts than these a few are looked at, before all of them are. */
enum { MANY_TEXTS = 4096, SOME_TEXTS = 256 };

static const double day = 86400;

/* So many of the cells that are not missing: too many to be odd ones? */
static bool is_too_odd(size_t odd, size_t present)
{
	return odd * ODD_SHARE > present;
}

/*
 * The sample
 */

void typing_look(struct typing_sample *sample, const struct part *part,
		 size_t rows)
{
	sample->odd += part->odd_cells;
	sample->present += rows - part->missing;
	for (size_t i = 0; part->odd_cells && i < rows; i++) {
		uint32_t text = odd_text(part->value[i].number);
		const char *s = text ? part->texts.text[text - 1] : NULL;

		if (s)
			when_tally_add(&sample->times, s, strlen(s));
	}
}

enum take typing_guess(const struct typing *ty,
		       const struct typing_sample *sample,
		       struct when_form *form)
{
	size_t times;

	if (!is_too_odd(sample->odd, sample->present))
		return TAKE_NUMBERS;
	times = dates_form(&ty->dates, &sample->times, form);
	return times > 0 && !is_too_odd(sample->present - times,
					    sample->present)
		? TAKE_TIMES : TAKE_TEXTS;
}

/*
 * Texts
 */

/* The texts of a column, and what each of them is as a number or a time. */
struct reading {
	const struct dict *texts;
	double *number;		/* owned: a number, odd or missing */
	size_t odd, missing;	/* cells */
};

/* Reads the texts, as times if there is a form, and counts the cells. */
static void read_texts(const struct typing *ty, const struct column *c,
		       const struct when_form *form, struct reading *r)
{
	uint32_t odd = 0;

	for (uint32_t i = 0; i < r->texts->n; i++) {
		const char *s = r->texts->text[i];
		size_t len = strlen(s);

		if (dialect_missing(ty->dialect, s, len, true))
			r->number[i] = odd_missing();
		else if (!(form ? when_parse(s, len, form, r->number + i)
				: dialect_number(ty->dialect, s, len,
						 r->number + i)))
			r->number[i] = odd_make(odd++);
	}
	r->odd = 0;
	r->missing = c->missing;
	for (size_t i = 0; i < ty->rows; i++) {
		double x = c->code[i] == LEVEL_MISSING ? 0
						       : r->number[c->code[i]];

		if (x == x)
			continue;
		r->odd += odd_text(x) > 0;
		r->missing += odd_text(x) == 0;
	}
}

/* Every step-th text is counted; the number of those that are times. */
static size_t tally(const struct typing *ty, const struct dict *texts,
		    size_t step, struct when_form *form)
{
	struct when_tally counts = { 0 };

	for (size_t i = 0; i < texts->n; i += step)
		when_tally_add(&counts, texts->text[i],
			       strlen(texts->text[i]));
	return dates_form(&ty->dates, &counts, form);
}

static bool may_be_times(const struct typing *ty, const struct dict *texts,
			 struct when_form *form)
{
	size_t step = texts->n / SOME_TEXTS;

	if (texts->n > MANY_TEXTS &&
	    tally(ty, texts, step, form) * 2 < texts->n / step)
		return false;
	return tally(ty, texts, 1, form) > 0;
}

static bool too_odd(const struct typing *ty, const struct reading *r)
{
	return is_too_odd(r->odd, ty->rows - r->missing);
}

/* The column is made of numbers after all: codes become numbers. */
static bool codes_to_numbers(const struct typing *ty, struct column *c,
			     struct dict *texts, const struct reading *r)
{
	c->number = mem_try(ty->rows, sizeof(*c->number));
	if (!c->number)
		return false;
	for (size_t i = 0; i < ty->rows; i++)
		c->number[i] = c->code[i] == LEVEL_MISSING
			     ? odd_missing() : r->number[c->code[i]];
	free(c->code);
	c->code = NULL;
	c->missing = r->missing;
	c->odd_cells = r->odd;
	c->odd = texts->text;
	for (uint32_t i = 0; i < texts->n; i++)
		if (odd_text(r->number[i]))
			c->odd[c->odds++] = texts->text[i];
	texts->text = NULL;
	return true;
}

static bool finish_levels(const struct typing *ty, struct column *c,
			  struct dict *texts)
{
	uint32_t *place = mem_try(texts->n, sizeof(*place));

	if (!place || !dict_sort(texts->text, texts->n, ty->dialect->decimal,
				 ty->dialect->thousands, place)) {
		free(place);
		return false;
	}
	for (size_t i = 0; i < ty->rows; i++)
		if (c->code[i] != LEVEL_MISSING)
			c->code[i] = place[c->code[i]];
	free(place);
	c->level = texts->text;
	c->levels = texts->n;
	texts->text = NULL;
	c->type = column_type_of_levels(c->levels, ty->rows - c->missing);
	return true;
}

/* A form that says no more than the column shows. */
static void settle_form(struct column *c, size_t rows)
{
	struct when_form *form = &c->form;

	c->type = COLUMN_TIME;
	for (size_t i = 0; !form->has_time && i < rows; i++)
		form->has_time = c->number[i] == c->number[i] &&
				 c->number[i] / day !=
				 (double)(long long)(c->number[i] / day);
}

static bool finish_texts(const struct typing *ty, struct column *c,
			 struct dict *texts)
{
	struct reading r = { .texts = texts };
	bool good;

	r.number = mem_try(texts->n, sizeof(*r.number));
	if (!r.number)
		return false;
	read_texts(ty, c, NULL, &r);
	if (!too_odd(ty, &r)) {
		good = codes_to_numbers(ty, c, texts, &r);
	} else if (may_be_times(ty, texts, &c->form) &&
		   (read_texts(ty, c, &c->form, &r), !too_odd(ty, &r))) {
		good = codes_to_numbers(ty, c, texts, &r);
		if (good)
			settle_form(c, ty->rows);
	} else {
		c->form = (struct when_form){ 0 };
		good = finish_levels(ty, c, texts);
	}
	free(r.number);
	return good;
}

/*
 * Times
 */

/* Cells that are dates in this order alone: the others read their day, which
 * is beyond the 12th, as a month.  Not more than enough are counted. */
static size_t count_sure(const struct column *c, size_t rows, size_t enough)
{
	struct when_parts parts;
	size_t sure = 0;

	for (size_t i = 0; sure < enough && i < rows; i++)
		sure += when_parts(c->number[i], &parts) && parts.day > 12;
	return sure;
}

/* Odd cells that would be times in another order. */
static size_t count_other(const struct column *c, size_t rows,
			  const struct dict *texts)
{
	bool *other = mem_array(texts->n, sizeof(*other));
	size_t n = 0;

	for (uint32_t i = 0; i < texts->n; i++)
		other[i] = (when_orders(texts->text[i],
					strlen(texts->text[i])) &
			    ((1u << WHEN_ORDERS) - 1)) != 0;
	for (size_t i = 0; c->odd_cells && i < rows; i++) {
		uint32_t text = odd_text(c->number[i]);

		n += text && other[text - 1];
	}
	free(other);
	return n;
}

/* The sample knew one order; do all the cells, taken together, say another?
 * What it guessed may be certain now. */
static bool wrong_order(const struct typing *ty, struct column *c,
			const struct dict *texts)
{
	size_t other = 0;

	if (!c->form.has_date || ty->dates.said)
		return false;
	if (c->odd_cells > 0)
		other = count_other(c, ty->rows, texts);
	if (other > 0)
		return count_sure(c, ty->rows, other) < other;
	if (c->form.guessed && count_sure(c, ty->rows, 1) > 0)
		c->form.guessed = false;
	return false;
}

/*
 * A column
 */

/* The numbers of a column are forgotten: it will be read again as text. */
static void begin_again(struct column *c, enum take *take)
{
	free(c->number);
	c->number = NULL;
	c->missing = c->odd_cells = 0;
	c->form = (struct when_form){ 0 };
	*take = TAKE_TEXTS;
}

bool typing_finish(const struct typing *ty, struct column *c,
		   struct dict *texts, enum take *take)
{
	enum take taken = *take;

	*take = TAKE_NOTHING;
	if (taken == TAKE_NOTHING)
		return true;
	if (taken == TAKE_TEXTS)
		return finish_texts(ty, c, texts);
	if (is_too_odd(c->odd_cells, ty->rows - c->missing) ||
	    (taken == TAKE_TIMES && wrong_order(ty, c, texts))) {
		begin_again(c, take);
		return true;
	}
	c->odd = texts->text;
	c->odds = texts->n;
	texts->text = NULL;
	if (taken == TAKE_TIMES)
		settle_form(c, ty->rows);
	return true;
}
