#include "data/dict.h"

#define XXH_INLINE_ALL
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "data/number.h"
#include "data/sort.h"

/* A slot has the upper half of the hash above and the number + 1 below. */
#define SLOT_HASH (~(uint64_t)UINT32_MAX)
enum { FIRST_SLOTS = 64 };

void dict_clear(struct dict *dict)
{
	free(dict->text);
	free(dict->slot);
	*dict = (struct dict){ 0 };
}

void dict_empty(struct dict *dict)
{
	if (dict->n)
		memset(dict->slot, 0, dict->slots * sizeof(*dict->slot));
	dict->n = 0;
}

static bool same(const char *text, const char *s, size_t len)
{
	return strncmp(text, s, len) == 0 && text[len] == '\0';
}

/* The slot of the text, or the free one where it belongs.  The upper half of
 * the hash is what is kept, so that a larger table can be made from it. */
static size_t find_slot(const struct dict *dict, uint64_t hash, const char *s,
			size_t len)
{
	size_t i = (size_t)(hash >> 32) & (dict->slots - 1);

	while (dict->slot[i]) {
		uint64_t slot = dict->slot[i];

		if (((slot ^ hash) & SLOT_HASH) == 0 &&
		    same(dict->text[(uint32_t)slot - 1], s, len))
			break;
		i = (i + 1) & (dict->slots - 1);
	}
	return i;
}

static bool grow_slots(struct dict *dict)
{
	size_t slots = dict->slots ? dict->slots * 2 : FIRST_SLOTS;
	uint64_t *slot = mem_try(slots, sizeof(*slot));

	if (!slot)
		return false;
	for (size_t i = 0; i < dict->slots; i++) {
		size_t to = (size_t)(dict->slot[i] >> 32) & (slots - 1);

		if (!dict->slot[i])
			continue;
		while (slot[to])
			to = (to + 1) & (slots - 1);
		slot[to] = dict->slot[i];
	}
	free(dict->slot);
	dict->slot = slot;
	dict->slots = slots;
	return true;
}

static bool grow_texts(struct dict *dict)
{
	uint32_t room = dict->texts_room ? dict->texts_room * 2
					 : FIRST_SLOTS / 2;
	const char **text = realloc(dict->text, room * sizeof(*text));

	if (!text)
		return false;
	dict->text = text;
	dict->texts_room = room;
	return true;
}

/* A copy with every NUL shown; *len is its length.  The caller frees it. */
static char *show_nuls(const char *s, size_t *len)
{
	char *copy = mem_array(*len + 1, 3), *to = copy;

	for (size_t i = 0; i < *len; i++) {
		if (s[i]) {
			*to++ = s[i];
			continue;
		}
		memcpy(to, "\xe2\x90\x80", 3);
		to += 3;
	}
	*len = (size_t)(to - copy);
	return copy;
}

static bool add_clean(struct dict *dict, struct arena *arena, const char *s,
		      size_t len, uint32_t *number)
{
	uint64_t hash = XXH3_64bits(s, len);
	size_t i;

	if (dict->n >= dict->slots / 2 && !grow_slots(dict))
		return false;
	i = find_slot(dict, hash, s, len);
	if (dict->slot[i]) {
		*number = (uint32_t)dict->slot[i] - 1;
		return true;
	}
	if (dict->n == dict->texts_room && !grow_texts(dict))
		return false;
	dict->text[dict->n] = arena_strndup(arena, s, len);
	dict->slot[i] = (hash & SLOT_HASH) | (dict->n + 1);
	*number = dict->n++;
	return true;
}

bool dict_add(struct dict *dict, struct arena *arena, const char *s,
	      size_t len, uint32_t *number)
{
	bool added;
	char *clean;

	if (!memchr(s, '\0', len))
		return add_clean(dict, arena, s, len, number);
	clean = show_nuls(s, &len);
	added = add_clean(dict, arena, clean, len, number);
	free(clean);
	return added;
}

bool dict_find(const struct dict *dict, const char *s, size_t len,
	       uint32_t *number)
{
	size_t i;

	if (!dict->slots)
		return false;
	i = find_slot(dict, XXH3_64bits(s, len), s, len);
	if (!dict->slot[i])
		return false;
	*number = (uint32_t)dict->slot[i] - 1;
	return true;
}

/* A text with its value, or the first bytes in which texts differ, as a number
 * that sorts alike: most comparisons end there, without a look at the text. */
struct entry {
	uint64_t key;
	const char *text;
	uint32_t number;
};

static int compare(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return strcmp(x->text, y->text);
}

static uint64_t first_bytes(const char *text)
{
	uint64_t key = 0;

	for (int i = 0; i < 8; i++)
		key = key << 8 | (unsigned char)(*text ? *text++ : 0);
	return key;
}

/* How many bytes all the texts begin with: "SN-" in SN-001, SN-002 ... */
static size_t common_bytes(const char **text, size_t n)
{
	size_t len = n ? strlen(text[0]) : 0;

	for (size_t i = 1; i < n && len > 0; i++) {
		size_t same_len = 0;

		while (same_len < len && text[i][same_len] == text[0][same_len])
			same_len++;
		len = same_len;
	}
	return len;
}

static void set_keys(struct entry *entry, const char **text, size_t n,
		     char decimal, char thousands)
{
	size_t common = common_bytes(text, n), i;
	double x;

	for (i = 0; i < n; i++) {
		if (!number_read(text[i], strlen(text[i]), decimal, thousands,
				 &x))
			break;
		entry[i].key = sort_key(x);
	}
	if (i == n)
		return;
	for (i = 0; i < n; i++)
		entry[i].key = first_bytes(text[i] + common);
}

bool dict_sort(const char **text, size_t n, char decimal, char thousands,
	       uint32_t *place)
{
	struct entry *entry = mem_try(n, sizeof(*entry));

	if (!entry)
		return false;
	for (size_t i = 0; i < n; i++) {
		entry[i].text = text[i];
		entry[i].number = (uint32_t)i;
	}
	set_keys(entry, text, n, decimal, thousands);
	qsort(entry, n, sizeof(*entry), compare);
	for (size_t i = 0; i < n; i++) {
		text[i] = entry[i].text;
		place[entry[i].number] = (uint32_t)i;
	}
	free(entry);
	return true;
}
