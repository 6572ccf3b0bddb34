#include "command/insight.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "command/forecast.h"
#include "command/insight-find.h"
#include "command/session.h"

enum state { NOT_ASKED, ASKED, FOUND, FAILED };

/* The session's: a question of each kind, and its answer. */
struct insights {
	struct question about;
	enum state state;
	unsigned serial;	/* of the question; older answers are none */
	struct insight *found;	/* owned; NULL before FOUND */
	enum state with;	/* of found->with */
	struct err err;

	size_t values_column;
	unsigned values_made;	/* looks.made of their rows */
	enum state values_state;
	unsigned values_serial;
	struct values values;	/* owned; when FOUND */
	uint32_t *by_value;	/* owned, with them */
	struct err values_err;
};

static void insight_clear(struct insight *in)
{
	if (!in)
		return;
	free(in->odd);
	free(in->positive);
	free(in->with);
	free(in);
}

static void search_free(struct search *search)
{
	insight_clear(search->insight);
	rows_clear(&search->rows);
	values_clear(&search->values);
	free(search->by_value);
	free(search->with);
	free(search->about.positive);
	free(search);
}

/* ---- asking ---- */

static struct insights *insights_of(struct session *s)
{
	if (!s->insights)
		s->insights = mem_new(sizeof(*s->insights));
	return s->insights;
}

static bool same_question(const struct question *about,
			  const struct session *s, size_t column)
{
	const char *a = about->positive, *b = s->settings.positive;

	return about->column == column &&
	       about->target == s->settings.target && !a == !b &&
	       (!a || !strcmp(a, b));
}

static struct search *search_new(const struct session *s, size_t column,
				 unsigned serial)
{
	struct search *search = mem_new(sizeof(*search));

	search->serial = serial;
	search->table = s->table;
	search->about.column = column;
	search->about.target = s->settings.target;
	search->about.positive = mem_strdup(s->settings.positive);
	return search;
}

/* Given up: it may be asked again.  Else it would fail again. */
static enum state failed(const struct err *err, struct err *why)
{
	*why = *err;
	return err->code == ERR_CANCELLED ? NOT_ASKED : FAILED;
}

static void take_insight(struct session *s, void *what, const struct err *err)
{
	struct insights *is = s->insights;
	struct search *search = what;

	if (is && search->serial == is->serial && is->state == ASKED) {
		is->state = err->code ? failed(err, &is->err) : FOUND;
		if (is->state == FOUND) {
			insight_clear(is->found);
			is->found = search->insight;
			search->insight = NULL;
		}
	}
	search_free(search);
}

static void take_codes(struct search *search, const struct facts *facts)
{
	search->codes = facts->codes;
	for (size_t i = 0; i < facts->codes; i++)
		search->code[i] = facts->code[i].value;
}

static void ask(struct session *s, size_t column)
{
	static const struct errand errand = { insight_find_out, take_insight };
	struct insights *is = s->insights;
	struct search *search = search_new(s, column, ++is->serial);
	struct insight *in = mem_new(sizeof(*in));

	free(is->about.positive);
	is->about = search->about;
	is->about.positive = mem_strdup(search->about.positive);
	is->state = ASKED;
	is->with = NOT_ASKED;
	in->column = column;
	in->all = in->auc = in->r = NAN;
	search->insight = in;
	search->summarised = digest_summary(s, column);
	if (search->summarised)
		in->summary = *digest_summary(s, column);
	if (digest_facts(s, column))
		take_codes(search, digest_facts(s, column));
	errands_send(s->errands, s, ERRAND_RELATE, &errand, search);
}

/* ---- with the other columns ---- */

static void take_with(struct session *s, void *what, const struct err *err)
{
	struct insights *is = s->insights;
	struct search *search = what;

	if (is && search->serial == is->serial && is->with == ASKED) {
		is->with = err->code ? failed(err, &is->err) : FOUND;
		if (is->with == FOUND && is->found) {
			is->found->with = search->with;
			search->with = NULL;
		}
	}
	search_free(search);
}

static void ask_with(struct session *s, size_t column)
{
	static const struct errand errand = { insight_find_with, take_with };

	s->insights->with = ASKED;
	errands_send(s->errands, s, ERRAND_RELATE, &errand,
		     search_new(s, column, s->insights->serial));
}

void insight_want(struct session *s, size_t column)
{
	struct insights *is = insights_of(s);

	if (s->working == WORK_OPEN || !s->table ||
	    column >= s->table->columns)
		return;
	if (is->state == NOT_ASKED || !same_question(&is->about, s, column))
		ask(s, column);
	else if (is->state == FOUND && is->with == NOT_ASKED &&
		 s->table->column[column].number)
		ask_with(s, column);
}

const struct insight *insight_of(const struct session *s, size_t column,
				 const char **why)
{
	const struct insights *is = s->insights;

	*why = NULL;
	if (!is || !same_question(&is->about, s, column))
		return NULL;
	if (is->state == FAILED)
		*why = is->err.text;
	return is->state == FOUND ? is->found : NULL;
}

/* ---- the values of a column ---- */

/* A copy: those of the session may be others before it has ended. */
static bool copy_rows(struct rows *to, const struct session *s,
		      struct err *err)
{
	return !s->looks.some || rows_copy(to, &s->looks.rows, err);
}

static void take_values(struct session *s, void *what, const struct err *err)
{
	struct insights *is = s->insights;
	struct search *search = what;

	if (is && search->serial == is->values_serial &&
	    is->values_state == ASKED) {
		is->values_state = err->code ? failed(err, &is->values_err)
					     : FOUND;
		if (is->values_state == FOUND) {
			is->values = search->values;
			search->values = (struct values){ 0 };
			is->by_value = search->by_value;
			search->by_value = NULL;
		}
	}
	search_free(search);
}

static void forget_values(struct insights *is)
{
	values_clear(&is->values);
	free(is->by_value);
	is->by_value = NULL;
}

void insight_want_values(struct session *s, size_t column)
{
	static const struct errand errand = {
		insight_count_values, take_values
	};
	struct insights *is = insights_of(s);
	struct search *search;

	if (s->working == WORK_OPEN || !s->table ||
	    column >= s->table->columns)
		return;
	if (is->values_state != NOT_ASKED && is->values_column == column &&
	    is->values_made == s->looks.made)
		return;
	forget_values(is);
	is->values_column = column;
	is->values_made = s->looks.made;
	search = search_new(s, column, ++is->values_serial);
	is->values_state = copy_rows(&search->rows, s, &is->values_err)
		? ASKED : FAILED;
	if (is->values_state == ASKED)
		errands_send(s->errands, s, ERRAND_VALUES, &errand, search);
	else
		search_free(search);
}

const struct values *insight_values(const struct session *s, size_t column,
				    const char **why)
{
	const struct insights *is = s->insights;

	*why = NULL;
	if (!is || is->values_column != column)
		return NULL;
	if (is->values_state == FAILED)
		*why = is->values_err.text;
	return is->values_state == FOUND ? &is->values : NULL;
}

size_t insight_values_n(const struct session *s)
{
	return s->insights ? s->insights->values.n : 0;
}

const uint32_t *insight_by_value(const struct session *s)
{
	return s->insights ? s->insights->by_value : NULL;
}

/* ---- the end ---- */

void insight_forget(struct session *s)
{
	struct insights *is = s->insights;
	unsigned serial, values_serial;

	forecast_forget(s);	/* whatever is of the table goes with it */
	if (!is)
		return;
	serial = is->serial + 1;
	values_serial = is->values_serial + 1;
	insight_clear(is->found);
	forget_values(is);
	free(is->about.positive);
	*is = (struct insights){ .serial = serial,
				 .values_serial = values_serial };
}

void insight_free(struct session *s)
{
	insight_forget(s);
	free(s->insights);
	s->insights = NULL;
}
