/*
 * cmd-suggest.c - what one might want to choose, and taking it
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "command/commands.h"

/* Without a screen nobody has summed the columns up. */
static void suggest_in_batch(struct session *s)
{
	const struct table *found = s->data.found;
	struct summary *summary = summary_of(found, NULL, NULL);
	struct facts *facts = summary ? facts_of(found, summary, NULL, NULL)
				      : NULL;

	if (facts)
		suggest(&s->suggestions, found, summary, facts, &s->settings);
	free(facts);
	free(summary);
}

void session_suggest(struct session *s)
{
	if (s->suggestions_key && !strcmp(s->suggestions_key, s->key) &&
	    s->suggestions_made == s->made)
		return;
	suggestions_clear(&s->suggestions);
	free(s->suggestions_key);
	s->suggestions_key = mem_strdup(s->key);
	s->suggestions_made = s->made;
	if (!s->table)
		return;
	if (s->data.facts)
		suggest(&s->suggestions, s->data.found, s->data.summary,
			s->data.facts, &s->settings);
	else if (!s->data.summary && !s->screen)
		suggest_in_batch(s);
}

static bool take(struct session *s, const char *word, struct err *err)
{
	size_t n = s->suggestions.n;
	unsigned long at;
	char *end, *command;
	bool ok;

	at = strtoul(word, &end, 10);
	s->fault = 1;
	if (*end || at < 1 || at > n)
		return err_set(err, ERR_USAGE, n ? "there is no suggestion "
			       "%.40s: they are 1 to %zu" : "there is no "
			       "suggestion", word, n);
	/* It is gone when it is taken. */
	command = mem_strdup(s->suggestions.of[at - 1].command);
	ok = session_do(s, command, err);
	if (ok)
		session_say(s, "%s", command);
	free(command);
	return ok;
}

static bool suggestions(struct session *s, int argc, char **argv,
			struct err *err)
{
	const struct suggestions *list = &s->suggestions;
	char text[300] = "";

	session_suggest(s);
	if (argc > 1)
		return take(s, argv[1], err);
	for (size_t i = 0; i < list->n; i++)
		text_append(text, sizeof(text), "%s%zu %s", i ? "   " : "",
			    i + 1, list->of[i].command);
	session_say(s, "%s", list->n ? text : "nothing is suggested");
	return true;
}

static const char *complete_suggestions(const struct session *s, int argc,
					char **argv, size_t n)
{
	static char text[COUNT_TEXT];

	(void)argv;
	return argc == 2 && n < s->suggestions.n ? text_count(text, n + 1)
						 : NULL;
}

const struct command commands_suggest[] = {
	{ .name = "suggestions", .args = "[N]",
	  .help = "What one might want to choose; with a number, choose it",
	  .max = 1, .flags = COMMAND_TABLE | COMMAND_UNDO,
	  .complete = complete_suggestions, .run = suggestions },
	{ 0 }
};
