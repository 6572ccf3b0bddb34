#include "command/judging.h"

#include <stdlib.h>

#include "base/mem.h"
#include "run/judge.h"

/* A comparison takes some milliseconds, a key should not: of older results than
 * these it is found when they are looked at. */
enum { FRESH_RESULTS = 8 };

/* The result of that number, or NULL. */
static struct result *numbered(const struct session *s, int number)
{
	return number >= 1 && (size_t)number <= s->results ?
	       s->result[number - 1] : NULL;
}

const struct result *judging_against(const struct session *s,
				     const struct result *r)
{
	int number = s->pinned ? s->pinned : r->number - 1;

	return number == r->number ? NULL : numbered(s, number);
}

static void compare_one(const struct session *s, struct result *r)
{
	const struct result *before = judging_against(s, r);

	versus_free(r->before);
	r->before = before ? versus_brief(before, r) : NULL;
}

static void compare_newest(struct session *s)
{
	for (size_t i = 0; i < s->results; i++) {
		struct result *r = s->result[i];

		if (i + FRESH_RESULTS >= s->results) {
			compare_one(s, r);
			continue;
		}
		versus_free(r->before);
		r->before = NULL;
	}
}

/* Those that were asked for, once more. */
static void compare_asked(struct session *s)
{
	for (size_t i = 0; i < s->versuses; i++) {
		struct versus *old = s->versus[i];

		s->versus[i] = versus_again(old, numbered(s, old->a),
					    numbered(s, old->b));
		versus_free(old);
	}
}

bool judging_changed(struct session *s, struct err *err)
{
	for (size_t i = s->results; i-- > 0;)
		if (!judge_result(s->result[i], &s->settings.cut, err))
			return false;
	compare_newest(s);
	compare_asked(s);
	return true;
}

void judging_kept(struct session *s)
{
	struct result *r = s->result[s->results - 1];

	/* Without memory it stays as it was judged by the worker. */
	judge_result(r, &s->settings.cut, NULL);
	compare_one(s, r);
}

void judging_pin(struct session *s, int number)
{
	s->pinned = number;
	compare_newest(s);
}

const struct versus *judging_compare(struct session *s, int a, int b)
{
	size_t i = 0;

	while (i < s->versuses && (s->versus[i]->a != a ||
				   s->versus[i]->b != b))
		i++;
	if (i == s->versuses)
		s->versus = mem_grow(s->versus, s->versuses++,
				     sizeof(*s->versus));
	else
		versus_free(s->versus[i]);
	s->versus[i] = versus_new(numbered(s, a), numbered(s, b));
	return s->versus[i];
}

void judging_free(struct session *s)
{
	for (size_t i = 0; i < s->versuses; i++)
		versus_free(s->versus[i]);
	free(s->versus);
}
