#include "learn/ubjson.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Arrays in objects in arrays: more than any model has. */
enum { DEPTH_MAX = 64 };

static const struct ubj nothing = { NULL, NULL };

struct ubj ubj_text(const char *text, size_t size)
{
	const unsigned char *at = (const unsigned char *)text;

	return (struct ubj){ at, at + size };
}

/* Bytes of a value of one type, behind the letter of that; -1: not so many
 * for each. */
static int size_of(unsigned char type)
{
	switch (type) {
	case 'Z': case 'N': case 'T': case 'F':
		return 0;
	case 'i': case 'U': case 'C':
		return 1;
	case 'I':
		return 2;
	case 'l': case 'd':
		return 4;
	case 'L': case 'D':
		return 8;
	}
	return -1;
}

/* The highest byte is the first. */
static uint64_t bits_of(const unsigned char *at, size_t size)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < size; i++)
		bits = bits << 8 | at[i];
	return bits;
}

static double number_of(unsigned char type, const unsigned char *at)
{
	uint64_t bits = bits_of(at, (size_t)size_of(type));
	uint32_t half = (uint32_t)bits;
	double x;
	float f;

	switch (type) {
	case 'i':
		return (int8_t)bits;
	case 'U':
		return (double)bits;
	case 'I':
		return (int16_t)bits;
	case 'l':
		return (int32_t)half;
	case 'L':
		return (double)(int64_t)bits;
	case 'd':
		memcpy(&f, &half, sizeof(f));
		return (double)f;
	case 'D':
		memcpy(&x, &bits, sizeof(x));
		return x;
	}
	return type == 'T';
}

static size_t left_of(const struct ubj *u)
{
	return u->at ? (size_t)(u->end - u->at) : 0;
}

/* Go on by so many bytes, or to nothing. */
static struct ubj on(struct ubj u, size_t bytes)
{
	if (left_of(&u) < bytes)
		return nothing;
	u.at += bytes;
	return u;
}

/* A number with its letter, as a count; *u is behind it. */
static size_t count_at(struct ubj *u)
{
	int size = left_of(u) > 0 ? size_of(*u->at) : -1;
	double count = -1;

	if (size > 0 && left_of(u) > (size_t)size)
		count = number_of(*u->at, u->at + 1);
	if (!(count >= 0 && count <= (double)left_of(u))) {
		*u = nothing;
		return 0;
	}
	*u = on(*u, 1 + (size_t)size);
	return (size_t)count;
}

static struct ubj skip(struct ubj u, size_t depth);

/* Behind an array of one type; from behind its bracket. */
static struct ubj skip_numbers(struct ubj u, struct ubj_numbers *numbers)
{
	int size = left_of(&u) > 2 ? size_of(u.at[1]) : -1;

	if (size < 0 || u.at[0] != '$' || u.at[2] != '#')
		return nothing;
	numbers->type = u.at[1];
	u = on(u, 3);
	numbers->n = count_at(&u);
	numbers->data = u.at;
	if (size > 0 && numbers->n > left_of(&u) / (size_t)size)
		return nothing;
	return on(u, numbers->n * (size_t)size);
}

/* Behind an array or object, from behind its bracket. */
static struct ubj skip_all(struct ubj u, bool named, unsigned char closing,
			   size_t depth)
{
	bool counted = left_of(&u) > 0 && *u.at == '#';
	size_t n = 0;

	if (counted) {
		u = on(u, 1);
		n = count_at(&u);
	}
	while (u.at && (counted ? n-- > 0 : left_of(&u) > 0 &&
					    *u.at != closing)) {
		if (named) {
			size_t length = count_at(&u);

			u = on(u, length);
		}
		u = skip(u, depth);
	}
	return counted ? u : on(u, 1);
}

/* Behind a value. */
static struct ubj skip(struct ubj u, size_t depth)
{
	struct ubj_numbers numbers;
	unsigned char type = left_of(&u) > 0 ? *u.at : 0;
	int size = size_of(type);
	size_t length;

	if (type == 0 || depth == DEPTH_MAX)
		return nothing;
	u = on(u, 1);
	if (size >= 0)
		return on(u, (size_t)size);
	if (type == 'S' || type == 'H') {
		length = count_at(&u);
		return on(u, length);
	}
	if (type == '[' && left_of(&u) > 0 && *u.at == '$')
		return skip_numbers(u, &numbers);
	if (type == '[')
		return skip_all(u, false, ']', depth + 1);
	return type == '{' ? skip_all(u, true, '}', depth + 1) : nothing;
}

struct ubj ubj_member(struct ubj object, const char *name)
{
	struct ubj u = left_of(&object) > 0 && *object.at == '{' ?
		       on(object, 1) : nothing;

	while (left_of(&u) > 0 && *u.at != '}') {
		size_t length = count_at(&u);
		const unsigned char *key = u.at;

		u = on(u, length);
		if (!u.at)
			break;
		if (length == strlen(name) && !memcmp(key, name, length))
			return u;
		u = skip(u, 0);
	}
	return nothing;
}

/* Without a count it ends with a bracket. */
struct ubj_list ubj_list(struct ubj array)
{
	struct ubj_list list = { nothing, SIZE_MAX };

	if (left_of(&array) == 0 || *array.at != '[')
		return list;
	list.next = on(array, 1);
	if (left_of(&list.next) > 0 && *list.next.at == '#') {
		list.next = on(list.next, 1);
		list.left = count_at(&list.next);
	}
	return list;
}

struct ubj ubj_take(struct ubj_list *list)
{
	struct ubj taken = list->next;

	if (list->left == 0 || left_of(&taken) == 0 || *taken.at == ']')
		return nothing;
	list->left--;
	list->next = skip(taken, 0);
	return taken;
}

struct ubj_numbers ubj_numbers(struct ubj array)
{
	struct ubj_numbers numbers = { 0 };

	if (left_of(&array) == 0 || *array.at != '[' ||
	    !skip_numbers(on(array, 1), &numbers).at)
		return (struct ubj_numbers){ 0 };
	return numbers;
}

double ubj_number(const struct ubj_numbers *numbers, size_t i)
{
	size_t size = (size_t)size_of(numbers->type);

	return number_of(numbers->type, numbers->data + i * size);
}
