/*
 * test-prepare.c - the table of a session: types, cell rules, derived columns;
 * roles, features by glob and type, suggestions
 */
#include "run/prepare.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "command/command.h"
#include "command/draft.h"

static char folder[] = "/tmp/gemba-test-XXXXXX";
static struct session *s;
static struct err err;

/* ---- files ---- */

static void write_file(const char *name, const char *text)
{
	FILE *out = fopen(name, "w");

	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

static const char *read_file(const char *name)
{
	static char text[10000];
	FILE *in = fopen(name, "r");
	size_t n;

	assert_non_null(in);
	n = fread(text, 1, sizeof(text) - 1, in);
	text[n] = '\0';
	fclose(in);
	return text;
}

static int make_folder(void **state)
{
	(void)state;
	return !mkdtemp(folder) || chdir(folder) ? -1 : 0;
}

static int remove_folder(void **state)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	(void)state;
	while (dir && (entry = readdir(dir)))
		unlink(entry->d_name);
	closedir(dir);
	return chdir("/") || rmdir(folder) ? -1 : 0;
}

/* ---- a session ---- */

static int begin(void **state)
{
	(void)state;
	err = (struct err){ 0 };
	s = session_new(-1);
	return 0;
}

static int end(void **state)
{
	(void)state;
	session_free(s, false);
	return 0;
}

static void say(const char *line)
{
	if (!session_do(s, line, &err))
		fail_msg("%s: %s", line, err.text);
}

static void open_text(const char *text)
{
	write_file("a.csv", text);
	say("open a.csv");
}

/* Refused, with this in the message, and every choice is as before. */
static void refuses(const char *line, const char *part)
{
	char *before = settings_format(&s->settings, s->table), *after;

	if (session_do(s, line, &err))
		fail_msg("%s was not refused", line);
	if (!strstr(err.text, part))
		fail_msg("%s: %s", line, err.text);
	after = settings_format(&s->settings, s->table);
	assert_string_equal(after, before);
	free(before);
	free(after);
}

static void refuses_at(const char *line, size_t at, const char *part)
{
	refuses(line, part);
	assert_int_equal(s->fault_at, at);
}

static const struct column *column(const char *name)
{
	int c = table_find(s->table, name);

	if (c < 0)
		fail_msg("there is no column %s", name);
	return &s->table->column[c];
}

/* The cells of a column with | between them. */
static const char *cells(const char *name)
{
	static char text[4000];
	const struct column *c = column(name);
	char buf[TABLE_TEXT];

	*text = '\0';
	for (size_t i = 0; i < s->table->rows; i++) {
		text_append(text, sizeof(text), "%s%s", i ? "|" : "",
			    table_text(c, i, buf));
	}
	return text;
}

static bool is_feature(const char *name)
{
	return settings_uses(&s->settings,
			     (size_t)table_find(s->table, name));
}

static const struct effect *effect_of(const char *rule)
{
	char name[RULE_NAME];

	assert_true(session_count(s, &err));
	for (size_t i = 0; i < s->settings.rules; i++)
		if (!strcmp(rule_use_name(&s->settings.rule[i], name), rule))
			return &s->ledger.of[i].effect;
	fail_msg("%s is not in the ledger", rule);
	return NULL;
}

#define PLANT "temp,line,note,when,load\n" \
	"20,A,x,2024-05-01 06:00,1\n" \
	"-200, A,y,2024-05-01 07:00,2\n" \
	"21.5,B,z,1970-01-01 00:00,3\n" \
	"over,B ,NA?,2024-05-01 09:00,-200\n" \
	"22,C,10,2024-05-02 06:00,5\n" \
	"23,A,9,2024-05-02 07:00,6\n" \
	"24,A,q,2024-05-02 08:00,7\n" \
	"25,A,r,2024-05-02 08:00,8\n" \
	"26,A,s,2024-05-02 08:00,9\n" \
	"27,A,t,2024-05-02 08:00,10\n" \
	"28,A,u,2024-05-02 08:00,11\n" \
	"29,A,v,2024-05-02 08:00,12\n" \
	"20,A,x,2024-05-01 06:00,1\n20,A,x,2024-05-01 06:00,1\n" \
	"20,A,x,2024-05-01 06:00,1\n20,A,x,2024-05-01 06:00,1\n" \
	"20,A,x,2024-05-01 06:00,1\n20,A,x,2024-05-01 06:00,1\n" \
	"20,A,x,2024-05-01 06:00,1\n20,A,x,2024-05-01 06:00,1\n" \
	"20,A,x,2024-05-01 06:00,1\n20,A,x,2024-05-01 06:00,1\n"

/* ---- cell rules ---- */

static void what_is_not_changed_is_borrowed(void **state)
{
	const struct table *found;

	(void)state;
	open_text(PLANT);
	found = s->data.found;
	assert_ptr_equal(s->table, found);
	say("clean missing values=-200 columns=temp");
	assert_ptr_equal(s->table->base, found);
	assert_ptr_not_equal(column("temp")->number, found->column[0].number);
	assert_ptr_equal(column("line")->code, found->column[1].code);
	assert_ptr_equal(column("load")->number, found->column[4].number);
	assert_true(found->column[0].number[1] == -200);
	say("clean missing off");
	assert_ptr_equal(column("temp")->number, found->column[0].number);
}

static void a_value_counts_as_missing_in_every_type(void **state)
{
	(void)state;
	open_text(PLANT);
	assert_int_equal(column("temp")->odd_cells, 1);
	say("clean missing values='-200,over,NA?,1970-01-01 00:00'");
	assert_int_equal(column("temp")->missing, 2);
	assert_int_equal(column("temp")->odd_cells, 0);
	assert_int_equal(column("load")->missing, 1);
	assert_int_equal(column("when")->missing, 1);
	assert_int_equal(column("note")->missing, 1);
	assert_int_equal(effect_of("missing")->cells, 5);
	assert_int_equal(effect_of("missing")->columns, 4);
}

static void numbers_beyond_a_limit_are_missing(void **state)
{
	(void)state;
	open_text("a,b\n1,x\n2,y\n3,x\n4,y\n5,x\n");
	say("clean missing below=2 above=4 columns=a");
	assert_string_equal(cells("a"), "|2|3|4|");
	refuses("clean missing below=cold", "a number or a time");
	refuses("clean missing", "missing wants values=");
	assert_string_equal(cells("a"), "|2|3|4|");
}

static void a_category_of_numbers_knows_limits_and_keeps_its_type(void **state)
{
	(void)state;
	open_text("a\n1\n9\n10\n?!\n1\n9\n10\n?!\n");
	assert_int_equal(column("a")->type, COLUMN_CATEGORY);
	assert_string_equal(column("a")->level[1], "10");
	say("clean missing values=?!");
	assert_int_equal(column("a")->type, COLUMN_CATEGORY);
	assert_string_equal(column("a")->level[1], "9");
	say("clean missing values=?! above=9.5");
	assert_int_equal(column("a")->levels, 2);
	say("type a number");
	assert_string_equal(cells("a"), "1|9|||1|9||");
	assert_int_equal(column("a")->odd_cells, 0);
}

static void trimmed_levels_are_one(void **state)
{
	(void)state;
	open_text("a,b\nM,1\n M,2\n\"M\xc2\xa0\",3\nL  x,4\nL x,5\nM,6\n");
	assert_int_equal(column("a")->levels, 5);
	say("clean trim");
	assert_int_equal(column("a")->levels, 3);
	assert_string_equal(cells("a"), "M|M|M|L  x|L x|M");
	assert_int_equal(effect_of("trim")->cells, 2);
	say("clean trim inside=one");
	assert_string_equal(cells("a"), "M|M|M|L x|L x|M");
	assert_int_equal(column("a")->levels, 2);
	say("clean trim columns=a");
	refuses("clean trim columns=b", "is a number");
}

static void one_text_takes_the_place_of_another(void **state)
{
	(void)state;
	open_text(PLANT);
	say("clean replace from=B to=A columns=line");
	assert_int_equal(effect_of("replace")->cells, 1);
	say("clean replace from=-200 to=0");
	assert_true(column("temp")->number[1] == 0);
	assert_true(column("load")->number[3] == 0);
	say("clean replace from=over to=");
	assert_int_equal(column("temp")->odd_cells, 0);
	assert_int_equal(column("temp")->missing, 1);
	refuses("clean replace to=x", "replace wants from=");
	refuses("clean replace from=20 to=cold columns=temp",
		"temp is a number");
}

static void a_part_of_an_odd_cell_may_make_a_number_of_it(void **state)
{
	char text[1000] = "speed\n12 rpm\n";

	(void)state;
	for (int i = 0; i < 40; i++)
		text_append(text, sizeof(text), "5\n");
	open_text(text);
	assert_int_equal(column("speed")->odd_cells, 1);
	say("clean replace from=' rpm' to= match=part");
	assert_true(column("speed")->number[0] == 12);
	assert_int_equal(column("speed")->odd_cells, 0);
	assert_int_equal(column("speed")->missing, 0);
}

static void a_rule_may_be_used_twice_and_is_counted_when_off(void **state)
{
	(void)state;
	open_text(PLANT);
	say("clean missing values=-200 columns=temp");
	say("clean missing.2 values=-200 columns=load");
	assert_int_equal(effect_of("missing")->cells, 1);
	assert_int_equal(effect_of("missing.2")->cells, 1);
	assert_int_equal(column("load")->missing, 1);
	say("clean missing.2 off");
	assert_int_equal(column("load")->missing, 0);
	assert_int_equal(effect_of("missing.2")->cells, 1);
	say("undo");
	assert_int_equal(column("load")->missing, 1);
}

/* The table is the same without a rule that is off, but not its place. */
static void what_a_rule_changes_goes_with_it_to_another_place(void **state)
{
	(void)state;
	open_text(PLANT);
	say("clean trim");
	say("clean trim off");
	say("clean missing values=-200 columns=temp");
	assert_int_equal(effect_of("missing")->cells, 1);
	say("clean trim delete");
	assert_true(effect_of("missing")->known);
	assert_int_equal(effect_of("missing")->cells, 1);
	say("clean replace off from=B to=A");
	say("clean replace up");
	assert_int_equal(effect_of("missing")->cells, 1);
	assert_int_equal(effect_of("replace")->cells, 1);
}

static void a_cell_rule_works_on_the_next_file_too(void **state)
{
	(void)state;
	open_text("a,b\n1,2\n-9,4\n5,-9\n");
	say("clean missing values=-9");
	write_file("b.csv", "a,b\n-9,-9\n3,4\n");
	say("open b.csv");
	assert_string_equal(cells("a"), "|3");
	assert_int_equal(effect_of("missing")->cells, 2);
	say("clean missing values=-9 columns=a");
	say("clean replace from=4 to=5 columns=b");
	write_file("c.csv", "c,b\n-9,4\n3,4\n");
	say("open c.csv");
	assert_string_equal(cells("c"), "-9|3");
	assert_string_equal(cells("b"), "5|5");
	assert_non_null(strstr(s->message, "rule missing"));
}

/* One that says what column b cannot be. */
static void a_cell_rule_that_cannot_be_for_a_file_is_off(void **state)
{
	(void)state;
	open_text("a,b\n1,2\n2,y\n3,2\n4,y\n");
	say("clean replace from=2 to=z columns=b");
	write_file("b.csv", "a,b\n1,2\n3,4\n");
	say("open b.csv");
	assert_string_equal(cells("b"), "2|4");
	assert_non_null(strstr(s->message, "rule replace"));
	assert_int_equal(s->settings.columns, 2);
	say("derive c = a + b");
	assert_string_equal(cells("c"), "3|7");
}

/* Of three bytes each: there is room for 21 of them. */
static void names_of_classes_are_cut_between_characters(void **state)
{
	(void)state;
	open_text("a,y\n1,停止\n"
		  ",稼働稼働稼働稼働稼働稼働稼働稼働稼働稼働稼働稼働\n3,停止\n");
	say("target y");
	say("clean drop-missing");
	assert_int_equal(effect_of("drop-missing")->rows, 1);
	assert_int_equal(s->ledger.classes, 2);
	assert_string_equal(s->ledger.class_name[0], "停止");
	assert_string_equal(s->ledger.class_name[1],
			    "稼働稼働稼働稼働稼働稼働稼働稼働稼働稼働稼");
}

/* ---- derived columns ---- */

static void a_derived_column_is_a_column_like_others(void **state)
{
	(void)state;
	open_text("a,b,c\n1,2,x\n3,4,y\n5,,x\n");
	say("derive sum = a + b");
	say("derive twice = sum * 2");
	say("derive kind = if(a > 2, 'big', 'small')");
	assert_string_equal(cells("twice"), "6|14|");
	assert_string_equal(cells("kind"), "small|big|big");
	assert_int_equal(s->table->derived, 3);
	assert_int_equal(column("twice")->missing, 1);
	assert_int_equal(column("kind")->type, COLUMN_CATEGORY);
	assert_true(is_feature("sum") && is_feature("kind"));
	say("target kind");
	assert_false(is_feature("kind"));
	say("derive sum = a - b");
	assert_string_equal(cells("twice"), "-2|-2|");
	assert_int_equal(s->table->columns, 6);
}

static void a_derived_column_reads_what_the_rules_left(void **state)
{
	(void)state;
	open_text("a\n1\n-9\n3\n4\n");
	say("derive double = a * 2");
	assert_string_equal(cells("double"), "2|-18|6|8");
	say("clean missing values=-9");
	assert_string_equal(cells("double"), "2||6|8");
	refuses("clean missing values=2 columns=double", "double");
	assert_string_equal(cells("double"), "2||6|8");
}

static void the_fault_of_a_formula_is_pointed_at(void **state)
{
	(void)state;
	open_text("a,b\n1,2\n3,4\n");
	refuses_at("derive x = a + zz", 8, "zz");
	refuses_at("derive x = a +", 7, "");
	refuses_at("derive `x y` z", 6, "=");
	refuses_at("derive a = b", 0, "column of the file");
	refuses_at("derive = b", 0, "name");
	refuses("derive x", "what is it calculated from");
	say("derive x = a");
	say("derive y = x");
	refuses("derive x = y", "before it");
	refuses("derive x = x + 1", "before it");
}

/* What comes after must still be a formula. */
static void a_change_that_breaks_another_column_is_refused(void **state)
{
	(void)state;
	open_text("a,c\n1,x\n3,y\n");
	say("derive x = a");
	say("derive y = x * 2");
	refuses("derive x = c", "y = x * 2");
	assert_string_equal(cells("y"), "2|6");
	assert_string_equal(cells("x"), "1|3");
}

static void what_is_needed_is_not_removed(void **state)
{
	(void)state;
	open_text("a,b\n1,2\n3,4\n1,4\n3,2\n");
	say("derive x = a");
	say("derive y = x + b");
	say("derive z = b");
	say("target z");
	s->screen = &err;	/* something that is there */
	say("sort y");
	refuses("remove x", "y needs x");
	refuses("remove z", "z is the target");
	refuses("remove a", "a is a column of the file");
	refuses("remove q", "there is no column 'q'");
	assert_int_equal(s->settings.look.sort[0].column, 3);
	say("derive y = b");
	say("remove x");
	assert_int_equal(s->settings.target, 3);
	assert_int_equal(s->settings.look.sort[0].column, 2);
	assert_string_equal(cells("z"), "2|4|4|2");
	say("clean impute columns=y");
	refuses("remove y", "the rule impute needs y");
	say("split group=y");
	say("clean impute delete");
	refuses("remove y", "the split needs y");
	for (int i = 0; i < 4; i++)
		say("undo");
	assert_string_equal(cells("x"), "1|3|1|3");
	say("redo");
	assert_int_equal(table_find(s->table, "x"), -1);
}

static void what_says_the_target_is_left_out(void **state)
{
	(void)state;
	open_text("a,y\n1,no\n2,yes\n3,no\n4,yes\n");
	say("target y");
	say("derive t = y = \"yes\"");
	assert_false(is_feature("t"));
	say("derive u = t + a");
	assert_false(is_feature("u"));
	say("derive v = a * 2");
	assert_true(is_feature("v"));
	say("derive v = if(y = \"no\", 1, 2)");
	assert_false(is_feature("v"));
}

static void what_says_a_later_target_is_left_out_too(void **state)
{
	(void)state;
	open_text("a,y\n1,2\n2,4\n3,5\n4,9\n");
	say("derive t = y * 2");
	say("derive u = t + a");
	say("derive v = a * 2");
	assert_true(is_feature("t") && is_feature("u"));
	say("target y");
	assert_false(is_feature("t") || is_feature("u"));
	assert_true(is_feature("v"));
	assert_non_null(strstr(s->message, "t, u"));
	/* Who insists has it. */
	say("features +u");
	say("target y");
	assert_true(is_feature("u"));
	say("undo");
	say("undo");
	assert_true(is_feature("t"));
}

/* What is tried while a formula is typed is what the line would do. */
static void a_draft_is_a_feature_when_the_column_would_be(void **state)
{
	(void)state;
	open_text("a,y\n1,no\n2,yes\n3,no\n4,yes\n");
	say("target y");
	say("derive t = y = \"yes\"");
	draft_try(s, "u = t + a");
	assert_int_equal(draft_view(s).state, DRAFT_THERE);
	assert_int_equal(draft_view(s).score, SCORE_NONE);
	draft_try(s, "u = a * 2");
	assert_int_not_equal(draft_view(s).score, SCORE_NONE);
	say("derive u = a * 2");
	draft_try(s, "u = a * 3");
	assert_int_not_equal(draft_view(s).score, SCORE_NONE);
	say("features -u");
	draft_try(s, "u = a * 3");
	assert_int_equal(draft_view(s).state, DRAFT_THERE);
	assert_int_equal(draft_view(s).score, SCORE_NONE);
	draft_try(s, NULL);
}

/* Its table borrows from the file's. */
static void a_draft_goes_before_its_file(void **state)
{
	(void)state;
	open_text("a,b\n1,2\n3,4\n");
	draft_try(s, "c = a + b");
	assert_int_equal(draft_view(s).state, DRAFT_THERE);
	say("open a.csv");
	assert_int_equal(draft_view(s).state, DRAFT_NONE);
	draft_try(s, "c = a + b");
	assert_int_equal(draft_view(s).state, DRAFT_THERE);
}

static void the_type_of_a_derived_column_can_be_said(void **state)
{
	(void)state;
	open_text("a,b\n1,2\n2,4\n3,6\n");
	say("derive x = a % 2");
	say("type x category");
	assert_int_equal(column("x")->type, COLUMN_CATEGORY);
	assert_string_equal(cells("x"), "1|0|1");
	say("derive y = x ~ '1'");
	assert_string_equal(cells("y"), "1|0|1");
	say("clean missing values=6");
	assert_int_equal(column("x")->type, COLUMN_CATEGORY);
	refuses("type x number", "y = ");
	say("remove y");
	say("type x number");
	assert_int_equal(column("x")->type, COLUMN_NUMBER);
}

static void a_recipe_brings_all_of_it_back(void **state)
{
	char *before, *after, *names;

	(void)state;
	open_text(PLANT);
	say("type load category");
	say("derive `a=b` = temp * 2");
	say("derive my name = `a=b` + 1");
	say("type 'my name' category");
	say("derive last = note");
	say("clean drop-missing columns=temp");
	say("clean missing values=-200");
	say("role when time");
	say("target load");
	say("features all -line");
	before = settings_format(&s->settings, s->table);
	names = mem_strdup(cells("my name"));
	say("write b.gemba");
	assert_non_null(strstr(before, "clean missing values=-200\n"
			       "derive `a=b` = temp * 2\n"
			       "derive my name = `a=b` + 1\n"
			       "type \"my name\" category\n"
			       "derive last = note\nrole when time\n"));
	session_free(s, false);
	s = session_new(-1);
	assert_true(session_recipe(s, "b.gemba", NULL, NULL, &err));
	after = settings_format(&s->settings, s->table);
	assert_string_equal(before, after);
	assert_string_equal(cells("my name"), names);
	assert_int_equal(column("my name")->type, COLUMN_CATEGORY);
	free(names);
	free(before);
	free(after);
}

/* A "#" without quotes begins a comment. */
static void names_of_derived_columns_are_quoted_in_a_recipe(void **state)
{
	(void)state;
	open_text("a\n1\n2\n3\n");
	say("derive 'a#b' = a * 2");
	say("derive 'it''s `so`' = a");
	say("write b.gemba");
	session_free(s, false);
	s = session_new(-1);
	if (!session_recipe(s, "b.gemba", NULL, NULL, &err))
		fail_msg("%s", err.text);
	assert_string_equal(cells("a#b"), "2|4|6");
	assert_string_equal(cells("it's `so`"), "1|2|3");
}

static void rows_in_sight_are_exported_with_what_is_derived(void **state)
{
	(void)state;
	open_text("a,b\n1,x\n2\n3,\"y,\"\n");
	say("derive c = a * 2");
	say("derive d = b");
	say("export seen out.csv over=yes");
	assert_string_equal(read_file("out.csv"),
			    "a,b,c,d\n1,x,2,x\n2,,4,\n3,\"y,\",6,\"y,\"\n");
	say("export all all.csv over=yes");
	assert_string_equal(read_file("all.csv"),
			    "a,b\n1,x\n2\n3,\"y,\"\n");
}

static void a_derived_column_trains(void **state)
{
	char text[4000] = "a,y\n";

	(void)state;
	for (int i = 0; i < 200; i++)
		snprintf(text + strlen(text), 20, "%d,%s\n", i % 20,
			 (i % 20 - 10) * (i % 20 - 10) > 30 ? "yes" : "no");
	open_text(text);
	say("derive far = (a - 10) ^ 2");
	say("target y");
	say("clean standardize");
	say("train logistic");
	assert_true(s->result[0]->test.accuracy > 0.95);
	assert_string_equal(s->result[0]->feature[1], "far");
}

static void a_row_that_repeats_another_is_one_in_the_file(void **state)
{
	(void)state;
	open_text("a,b\n1,2\n3,4\n1,2\n5,6\n");
	say("derive before = lag(a)");
	say("clean drop-duplicates");
	assert_int_equal(effect_of("drop-duplicates")->rows, 1);
	say("clean drop-duplicates columns=a,before");
	assert_int_equal(effect_of("drop-duplicates")->rows, 0);
}

static void completes_to(const char *line, const char *first)
{
	char *match = command_complete(s, line, 0);

	assert_string_equal(match ? match : "", first);
	free(match);
}

static void what_is_derived_is_completed(void **state)
{
	(void)state;
	open_text("a,b\n1,2\n3,4\n");
	completes_to("remove ", "");
	say("derive power = a * b");
	completes_to("remove ", "power");
	completes_to("derive po", "power");
	completes_to("derive x = po", "power");
	completes_to("derive x = sq", "sqrt");
	completes_to("features -p", "-power");
	completes_to("features type=t", "type=text");
	completes_to("role power g", "group");
	completes_to("suggestions ", "");
}

/* ---- features and roles ---- */

static void features_are_named_by_glob_and_type(void **state)
{
	(void)state;
	open_text("temp_a,temp_b,load,t*,line\n1,2,3,4,A\n2,3,4,5,B\n"
		  "2,3,4,5,B\n");
	say("features temp_*");
	assert_true(is_feature("temp_a") && is_feature("temp_b"));
	assert_false(is_feature("load") || is_feature("line"));
	say("features all -t*");
	assert_true(is_feature("temp_a"));
	assert_false(is_feature("t*"));
	say("features type=category +lo?d");
	assert_true(is_feature("line") && is_feature("load"));
	assert_false(is_feature("temp_a"));
	say("features all -type=number");
	assert_true(is_feature("line"));
	assert_false(is_feature("load"));
	refuses("features x*", "like 'x*'");
	refuses("features type=figure", "no type 'figure'");
	assert_int_equal(s->fault, 1);
}

static void what_has_a_role_stays_out_until_it_is_named(void **state)
{
	(void)state;
	open_text("id,a,b\n1,2,3\n2,3,4\n3,4,5\n");
	say("role id id");
	assert_false(is_feature("id"));
	say("features all");
	assert_false(is_feature("id"));
	say("features all +id");
	assert_true(is_feature("id"));
	say("features id");
	assert_true(is_feature("id"));
	say("role id id toggle");
	assert_int_equal(s->settings.role[0], ROLE_NONE);
	say("features all");
	assert_true(is_feature("id"));
	refuses("role a x", "no role 'x'");
	refuses("role a id x", "role does not know");
	say("role a time");
	say("undo");
	assert_int_equal(s->settings.role[1], ROLE_NONE);
}

/* ---- the same file, read in another way ---- */

static void choices_are_carried_over_by_name(void **state)
{
	(void)state;
	open_text("a;b;c,d\n1;2;3\n4;5;6\n7;8;9\n1;5;9\n");
	say("type b category");
	say("target b");
	say("role a id");
	say("derive e = a + 1");
	say("derive f = `c,d` + 1");
	say("clean drop-missing columns=a");
	s->screen = &err;
	say("filter e > 2");
	say("sort e");
	write_file("a.csv", "a;b;g\n1;2;3\n4;5;6\n7;8;9\n1;5;9\n");
	s->carry = true;
	say("open a.csv delimiter=;");
	assert_int_equal(s->settings.target, 1);
	assert_int_equal(column("b")->type, COLUMN_CATEGORY);
	assert_int_equal(s->settings.role[0], ROLE_ID);
	assert_string_equal(cells("e"), "2|5|8|2");
	assert_int_equal(table_find(s->table, "f"), -1);
	assert_non_null(strstr(s->message, "f"));
	assert_true(is_feature("e") && is_feature("g"));
	assert_int_equal(s->looks.rows.n, 2);
	assert_int_equal(s->settings.look.sort[0].column, 3);
	say("open a.csv");
	assert_int_equal(s->settings.target, -1);
	assert_int_equal(s->settings.derived_n, 0);
}

/* ---- suggestions ---- */

static bool suggested(const char *command)
{
	session_suggest(s);
	for (size_t i = 0; i < s->suggestions.n; i++)
		if (!strcmp(s->suggestions.of[i].command, command))
			return true;
	return false;
}

static void open_suggestive(void)
{
	FILE *out = fopen("c.csv", "w");

	assert_non_null(out);
	fputs("number,kind,same,machine id,load,code,at,defect\n", out);
	for (int i = 0; i < 300; i++)
		fprintf(out, "%d,K,%d,M-%03d,%d,%d,2024-05-%02d %02d:00,%s\n",
			1000 + i * 7 % 307, i * 13 % 90, i % 12, i * 13 % 90,
			i % 50 ? i * 7 % 40 : -999, 1 + i / 24, i % 24,
			i % 3 ? "no" : "yes");
	fclose(out);
	say("open c.csv");
}

static void what_is_remarkable_is_suggested(void **state)
{
	(void)state;
	open_suggestive();
	assert_true(suggested("role number id"));
	assert_true(suggested("features -kind"));
	assert_true(suggested("features -load"));
	assert_true(suggested("role \"machine id\" group"));
	assert_true(suggested("role at time"));
	assert_true(suggested("clean missing values=-999 columns=code"));
	assert_false(suggested("features -defect"));
}

static void a_suggestion_that_was_taken_is_none_any_more(void **state)
{
	size_t n;

	(void)state;
	open_suggestive();
	session_suggest(s);
	n = s->suggestions.n;
	assert_string_equal(s->suggestions.of[0].command, "role number id");
	say("suggestions 1");
	assert_int_equal(s->settings.role[0], ROLE_ID);
	session_suggest(s);
	assert_int_equal(s->suggestions.n, n - 1);
	say("undo");
	assert_int_equal(s->settings.role[0], ROLE_NONE);
	refuses("suggestions 99", "there is no suggestion 99");
	say("clean missing values=-999 columns=code");
	assert_false(suggested("clean missing values=-999 columns=code"));
}

/* Two machines write a line each every minute: half of the times are new. */
static void a_time_that_goes_on_is_the_time_of_a_row(void **state)
{
	FILE *out = fopen("m.csv", "w");

	(void)state;
	assert_non_null(out);
	fputs("at,machine,due,load\n", out);
	for (int i = 0; i < 400; i++)
		fprintf(out, "2024-05-01 %02d:%02d,M%d,2024-06-%02d,%d\n",
			i / 2 / 60, i / 2 % 60, 1 + i % 2, 1 + i * 7 % 29,
			i * 37 % 101);
	fclose(out);
	say("open m.csv");
	assert_true(suggested("role at time"));
	assert_true(suggested("split time=at"));
	assert_false(suggested("role due time"));
}

static void what_the_target_is_calculated_from_is_suggested(void **state)
{
	(void)state;
	open_suggestive();
	say("features -same");
	say("derive late = load > 40");
	assert_false(suggested("features -load"));
	say("target late");
	assert_true(suggested("features -load"));
	assert_false(suggested("features -code"));
	say("features -load");
	assert_false(suggested("features -load"));
}

static void an_echo_of_the_target_is_suggested(void **state)
{
	FILE *out = fopen("e.csv", "w");

	(void)state;
	assert_non_null(out);
	fputs("a,flag,y,cost,price\n", out);
	for (int i = 0; i < 100; i++)
		fprintf(out, "%d,%d,%s,%d,%d\n", i * 7 % 31, i % 4 == 0,
			i % 4 ? "good" : "bad", i * 37 % 101,
			5000 - 3 * (i * 37 % 101));
	fclose(out);
	say("open e.csv");
	assert_false(suggested("features -flag"));
	say("target y");
	assert_true(suggested("features -flag"));
	assert_false(suggested("features -a"));
	say("target price");
	assert_true(suggested("features -cost"));
	assert_false(suggested("features -flag"));
}

/* ---- with a worker ---- */

static int wake[2];

static int begin_threads(void **state)
{
	(void)state;
	err = (struct err){ 0 };
	if (pipe2(wake, O_NONBLOCK | O_CLOEXEC))
		return -1;
	s = session_new(wake[1]);
	return 0;
}

static int end_threads(void **state)
{
	(void)state;
	session_free(s, false);
	close(wake[0]);
	close(wake[1]);
	return 0;
}

static void turn_until_idle(void)
{
	struct pollfd pipe = { .fd = wake[0], .events = POLLIN };
	char bytes[64];

	session_turn(s);
	while (session_busy(s)) {
		assert_int_equal(poll(&pipe, 1, 20000), 1);
		while (read(wake[0], bytes, sizeof(bytes)) > 0)
			;
		session_turn(s);
	}
}

static void write_large(void)
{
	FILE *out = fopen("large.csv", "w");

	assert_non_null(out);
	fputs("a,b,line,y\n", out);
	for (int i = 0; i < 30000; i++)
		fprintf(out, "%d,%d,L%d,%s\n", i * 7919 % 1000, i % 77,
			i % 5, i * 31 % 7 < 3 ? "yes" : "no");
	fclose(out);
}

/* Tables are made anew while the worker and errands look at the old ones. */
static void a_table_goes_when_nobody_looks_at_it(void **state)
{
	(void)state;
	write_large();
	s->screen = &err;
	say("open large.csv");
	turn_until_idle();
	assert_non_null(digest_summary(s, 0));
	say("target y");
	say("train logistic");
	for (int i = 0; i < 8; i++) {
		char line[80];

		snprintf(line, sizeof(line), "derive c = a * %d + b", i);
		say(line);
		session_turn(s);
		insight_want(s, 4);
		say(i % 2 ? "clean missing off" : "clean missing values=7");
		session_turn(s);
		say("sort c");
		session_turn(s);
		if (i == 4)
			say("train logistic");
	}
	turn_until_idle();
	assert_non_null(digest_summary(s, 4));
	assert_true(digest_summary(s, 4)->max > 6000);
	assert_null(digest_facts(s, 4));
	say("undo");
	say("undo");
	turn_until_idle();
	say("remove c");
	turn_until_idle();
	assert_int_equal(s->table->columns, 4);
}

#define ALONE(test) cmocka_unit_test_setup_teardown(test, begin, end)
#define WITH_THREADS(test) \
	cmocka_unit_test_setup_teardown(test, begin_threads, end_threads)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ALONE(what_is_not_changed_is_borrowed),
		ALONE(a_value_counts_as_missing_in_every_type),
		ALONE(numbers_beyond_a_limit_are_missing),
		ALONE(a_category_of_numbers_knows_limits_and_keeps_its_type),
		ALONE(trimmed_levels_are_one),
		ALONE(one_text_takes_the_place_of_another),
		ALONE(a_part_of_an_odd_cell_may_make_a_number_of_it),
		ALONE(a_rule_may_be_used_twice_and_is_counted_when_off),
		ALONE(what_a_rule_changes_goes_with_it_to_another_place),
		ALONE(a_cell_rule_works_on_the_next_file_too),
		ALONE(a_cell_rule_that_cannot_be_for_a_file_is_off),
		ALONE(names_of_classes_are_cut_between_characters),
		ALONE(a_derived_column_is_a_column_like_others),
		ALONE(a_derived_column_reads_what_the_rules_left),
		ALONE(the_fault_of_a_formula_is_pointed_at),
		ALONE(a_change_that_breaks_another_column_is_refused),
		ALONE(what_is_needed_is_not_removed),
		ALONE(what_says_the_target_is_left_out),
		ALONE(what_says_a_later_target_is_left_out_too),
		ALONE(a_draft_is_a_feature_when_the_column_would_be),
		ALONE(a_draft_goes_before_its_file),
		ALONE(the_type_of_a_derived_column_can_be_said),
		ALONE(a_recipe_brings_all_of_it_back),
		ALONE(names_of_derived_columns_are_quoted_in_a_recipe),
		ALONE(rows_in_sight_are_exported_with_what_is_derived),
		ALONE(a_derived_column_trains),
		ALONE(a_row_that_repeats_another_is_one_in_the_file),
		ALONE(what_is_derived_is_completed),
		ALONE(features_are_named_by_glob_and_type),
		ALONE(what_has_a_role_stays_out_until_it_is_named),
		ALONE(choices_are_carried_over_by_name),
		ALONE(what_is_remarkable_is_suggested),
		ALONE(a_suggestion_that_was_taken_is_none_any_more),
		ALONE(a_time_that_goes_on_is_the_time_of_a_row),
		ALONE(what_the_target_is_calculated_from_is_suggested),
		ALONE(an_echo_of_the_target_is_suggested),
		WITH_THREADS(a_table_goes_when_nobody_looks_at_it),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
