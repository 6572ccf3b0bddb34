/*
 * test-command.c - the language: sessions, undo, recipes, completion
 */
#include "command/command.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "command/save.h"

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

static char *read_file(const char *name)
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

/* Eight columns: a free text, two categories, numbers, names to quote. */
static void write_plant(void)
{
	FILE *out = fopen("plant.csv", "w");

	assert_non_null(out);
	fputs("id,line,shift,temp [K],\"it's \"\"hot\"\"\",#no,speed,scrap\n",
	      out);
	for (int i = 0; i < 40; i++)
		fprintf(out, "row %d,%c,%d,%d,%d,%d,%s,%s\n", i, "ABC"[i % 3],
			1 + i % 2, 300 + i * 7 % 11, i * 5 % 13, i % 5,
			i == 9 ? "" : "900", i * 3 % 8 > 3 ? "yes" : "no");
	fputs("row 39,A,2,309,0,4,900,yes\n", out);
	fclose(out);
}

static int make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(folder) || chdir(folder) || mkdir("sub", 0700))
		return -1;
	write_plant();
	return 0;
}

static void remove_all(const char *name)
{
	DIR *dir = opendir(name);
	struct dirent *entry;
	char path[600];

	while (dir && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "%s/%s", name, entry->d_name);
		if (unlink(path) && entry->d_name[0] != '.')
			remove_all(path);
	}
	closedir(dir);
	rmdir(name);
}

static int remove_folder(void **state)
{
	(void)state;
	if (chdir("/"))
		return -1;
	remove_all(folder);
	return 0;
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

/* The line fails at that word, and changes nothing. */
static void refuses(const char *line, int fault, const char *part)
{
	char *before = settings_format(&s->settings, s->table), *after;

	assert_false(session_do(s, line, &err));
	if (!strstr(err.text, part))
		fail_msg("%s: %s", line, err.text);
	assert_int_equal(s->fault, fault);
	after = settings_format(&s->settings, s->table);
	assert_string_equal(after, before);
	free(before);
	free(after);
}

/* The choices as a recipe; kept until the next call but one. */
static const char *choices(void)
{
	static char *text[2];
	static int i;

	i = !i;
	free(text[i]);
	text[i] = settings_format(&s->settings, s->table);
	return text[i];
}

static void open_plant(void)
{
	say("open plant.csv");
	say("target scrap");
}

static void commands_change_the_choices(void **state)
{
	(void)state;
	open_plant();
	assert_string_equal(choices(), "open plant.csv\ntarget scrap\n"
			    "features all\nsplit\n");
	say("features -line +speed");
	say("clean drop-missing columns=speed,line");
	say("split test=0.25");
	say("train logistic l2=2");
	assert_string_equal(choices(), "open plant.csv\ntarget scrap\n"
			    "features all -line\n"
			    "clean drop-missing columns=speed,line\n"
			    "split test=0.25\ntrain logistic l2=2\n");
}

static void what_is_wrong_is_pointed_at_and_changes_nothing(void **state)
{
	(void)state;
	refuses("target scrap", 0, "open FILE first");
	refuses("open nothere.csv", 1, "cannot open nothere.csv");
	open_plant();
	refuses("targte scrap", 0, "did you mean 'target'");
	refuses("describe", 0, "did you mean 'show describe'");
	refuses("drop-missing", 0, "did you mean 'clean drop-missing'");
	refuses("DropNA", 0, "did you mean 'clean drop-missing'");
	refuses("logistic", 0, "did you mean 'train logistic'");
	refuses("power = scrap * 2", 0, "did you mean 'derive power = ...'");
	refuses("type scrap float", 2, "did you mean 'number'");
	refuses("target srcap", 1, "did you mean 'scrap'");
	refuses("target scrap positive=maybe", 2, "'maybe'");
	refuses("features line -lime", 2, "did you mean 'line'");
	refuses("clean polish", 1, "no rule 'polish'");
	refuses("clean drop-missing columns=line,q", 2, "'q'");
	refuses("clean standardize fit=all fit=none", 3, "fit=none");
	refuses("split test=0.2 seed=x", 2, "seed=x");
	refuses("train logistic l2=1 solver=x", 3, "solver=x");
	refuses("train boots", 1, "no method 'boots'");
	refuses("type line colour", 2, "no type 'colour'");
	refuses("target 'scrap", 1, "not closed");
	refuses("toggle scrap", 0, "is the target");
	refuses("stop it", 1, "stop");
}

static void a_failed_open_keeps_the_file_that_is_open(void **state)
{
	(void)state;
	open_plant();
	assert_false(session_do(s, "open nothere.csv", &err));
	assert_string_equal(choices(), "open plant.csv\ntarget scrap\n"
			    "features all\nsplit\n");
	assert_int_equal(s->table->rows, 41);
}

static void rules_stand_in_the_order_in_which_they_were_written(void **state)
{
	(void)state;
	open_plant();
	say("clean standardize");
	say("clean drop-duplicates");
	say("clean drop-missing");
	assert_non_null(strstr(choices(), "clean drop-duplicates\n"
			       "clean drop-missing\nclean standardize\n"));
	say("clean drop-duplicates off");
	assert_non_null(strstr(choices(), "clean drop-missing\n"
			       "clean standardize\n"));
	say("clean drop-duplicates toggle");
	assert_non_null(strstr(choices(), "clean drop-duplicates\n"
			       "clean drop-missing\nclean standardize\n"));
}

static void a_rule_is_used_twice_with_other_columns(void **state)
{
	(void)state;
	open_plant();
	say("clean impute.2 method=mode columns=line");
	say("clean impute columns=speed");
	assert_non_null(strstr(choices(), "clean impute.2 method=mode "
			       "columns=line\nclean impute columns=speed\n"));
	say("clean impute.2 off");
	assert_null(strstr(choices(), "impute.2"));
	say("clean impute.2 on");
	say("clean impute.2 delete");
	assert_null(strstr(choices(), "impute.2"));
	assert_int_equal(s->settings.rules, 5);
	say("clean impute delete");
	assert_int_equal(s->settings.rules, 5);	/* it is offered still */
	assert_null(strstr(choices(), "impute"));
	refuses("clean impute.2 off", 1, "impute.2 is not in use");
	refuses("clean impute.x", 1, "no rule 'impute.x'");
	refuses("clean impute.0", 1, "no rule");
	refuses("clean impute.100", 1, "no rule");
}

static void rules_move_within_their_kind_only(void **state)
{
	(void)state;
	open_plant();
	say("clean impute");
	say("clean standardize");
	say("clean standardize up");
	assert_non_null(strstr(choices(),
			       "clean standardize\nclean impute\n"));
	say("clean standardize down");
	assert_non_null(strstr(choices(),
			       "clean impute\nclean standardize\n"));
	refuses("clean drop-missing up", 1, "is the first rule already");
	refuses("clean outliers down", 1, "is the last rule already");
	say("clean outliers up");
	say("clean outliers up");
	refuses("clean outliers up", 1, "outliers works on columns and "
		"drop-duplicates on rows");
}

/* To drop outliers from all rows is work on rows, before the split. */
static void options_may_make_a_rule_another_kind(void **state)
{
	(void)state;
	open_plant();
	say("clean standardize");
	say("clean outliers action=drop");
	assert_non_null(strstr(choices(), "clean standardize\n"
			       "clean outliers action=drop\n"));
	say("clean outliers action=drop fit=all");
	assert_non_null(strstr(choices(), "clean outliers action=drop "
			       "fit=all\nclean standardize\n"));
	refuses("clean outliers down", 1, "outliers works on rows");
}

static void options_that_do_not_go_together_are_refused(void **state)
{
	(void)state;
	open_plant();
	refuses("clean impute method=constant", 2, "wants value=");
	refuses("clean impute value=3", 2, "is for method=constant");
	refuses("clean impute group=line", 2, "is for method=previous");
	refuses("clean log columns=line", 2, "line is a category");
	refuses("clean impute.2 method=constant", 2, "wants value=");
	assert_int_equal(s->settings.rules, 5);
}

/* A key must not move the row from under the cursor; "on" is written. */
static void a_rule_that_is_switched_on_does_not_move(void **state)
{
	(void)state;
	open_plant();
	say("clean standardize toggle");
	assert_string_equal(s->settings.rule[4].rule->name, "standardize");
	say("clean drop-missing on");
	say("clean drop-duplicates");
	assert_non_null(strstr(choices(), "clean drop-missing\n"
			       "clean drop-duplicates\nclean standardize\n"));
}

static void a_rule_turned_off_and_on_keeps_its_options(void **state)
{
	(void)state;
	open_plant();
	say("clean standardize fit=all");
	say("clean standardize off");
	say("clean standardize on");
	assert_non_null(strstr(choices(), "clean standardize fit=all\n"));
	say("clean standardize");
	assert_non_null(strstr(choices(), "clean standardize\n"));
}

static void features_are_the_shorter_of_a_list_and_all_but(void **state)
{
	(void)state;
	open_plant();
	say("features line");
	assert_non_null(strstr(choices(), "features line\n"));
	say("features all -line");
	assert_non_null(strstr(choices(), "features all -line\n"));
	say("features none");
	assert_non_null(strstr(choices(), "features none\n"));
	say("features none '#no' 'temp [K]'");
	assert_non_null(strstr(choices(),
			       "features \"temp [K]\" \"#no\"\n"));
}

/* ---- training ---- */

static void train(const char *line)
{
	size_t before = s->results;

	say(line);
	assert_int_equal(s->results, before + 1);
}

static void a_result_is_stale_when_its_choices_are_not_those(void **state)
{
	(void)state;
	open_plant();
	say("clean drop-missing");
	say("features line shift");
	train("train logistic");
	assert_false(session_result_stale(s, session_newest(s)));
	say("toggle shift");
	assert_true(session_result_stale(s, session_newest(s)));
	say("toggle shift");
	assert_false(session_result_stale(s, session_newest(s)));
	say("split seed=1");
	assert_true(session_result_stale(s, session_newest(s)));
	say("undo");
	assert_false(session_result_stale(s, session_newest(s)));
}

static void a_training_that_fails_leaves_no_result(void **state)
{
	(void)state;
	open_plant();
	assert_false(session_do(s, "train logistic", &err));
	assert_non_null(strstr(err.text, "drop-missing"));
	assert_int_equal(s->results, 0);
	assert_null(session_newest(s));
	assert_null(session_best(s));
	say("clean drop-missing");
	train("train logistic");
}

static void train_alone_repeats_the_method(void **state)
{
	(void)state;
	open_plant();
	say("features line shift");
	train("train");
	assert_string_equal(session_newest(s)->method->name, "logistic");
	train("train sgd epochs=3");
	train("train");
	assert_string_equal(session_newest(s)->method->name, "sgd");
	assert_int_equal(session_newest(s)->iterations, 3);
	assert_int_equal(session_newest(s)->number, 3);
}

static void a_method_can_be_chosen_before_it_is_trained(void **state)
{
	char *recipe;

	(void)state;
	open_plant();
	say("features line shift");
	say("method sgd epochs=3");
	assert_int_equal(s->results, 0);
	recipe = settings_format(&s->settings, s->table);
	assert_non_null(strstr(recipe, "train sgd epochs=3\n"));
	free(recipe);
	train("train");
	assert_int_equal(session_newest(s)->iterations, 3);
	say("method tree depth=2");
	assert_int_equal(s->results, 1);
	say("undo");
	assert_string_equal(s->settings.method->name, "sgd");
	refuses("method no-such", 1, "there is no method");
	refuses("method tree epochs=3", 2, "does not know");
}

/* temp is a number of many values, scrap says yes or no. */
static void the_target_chooses_the_method_where_none_fits(void **state)
{
	(void)state;
	open_plant();
	say("clean drop-missing");
	say("features line shift");
	train("train logistic");
	say("target \"temp [K]\"");
	assert_string_equal(s->settings.method->name, "linear");
	train("train");
	assert_int_equal(session_newest(s)->task, TASK_REGRESSION);
	assert_int_equal(session_newest(s)->classes, 0);
	train("train baseline");
	say("target scrap");
	assert_string_equal(s->settings.method->name, "baseline");
	say("target \"temp [K]\"");
	train("train linear");
	/* Named all the same, it is a mistake that is told. */
	assert_false(session_do(s, "train logistic", &err));
	assert_non_null(strstr(err.text,
			       "train linear, ridge, lasso, "));
	train("train");
	assert_string_equal(session_newest(s)->method->name, "linear");
	say("type \"temp [K]\" category");
	assert_string_equal(s->settings.method->name, "logistic");
	say("undo");
	assert_string_equal(s->settings.method->name, "linear");
}

/* By mcc or by r2, and never one against the other. */
static void the_best_is_of_the_newest_ones_task(void **state)
{
	(void)state;
	open_plant();
	say("clean drop-missing");
	say("features line shift");
	train("train logistic");
	assert_ptr_equal(session_best(s), s->result[0]);
	say("target \"temp [K]\"");
	say("features line shift #no");
	train("train linear");
	/* These have nothing to do with it: the mean is better. */
	train("train baseline");
	assert_ptr_equal(session_best(s), s->result[2]);
	assert_true(result_rank(s->result[2]) > result_rank(s->result[1]));
	assert_string_equal(result_rank_name(s->result[1]), "r2");
	assert_string_equal(result_rank_name(s->result[0]), "mcc");
}

static void another_file_leaves_the_results(void **state)
{
	(void)state;
	write_file("other.csv", "x,y\n1,a\n2,b\n");
	open_plant();
	say("features line shift");
	train("train");
	say("open other.csv");
	assert_int_equal(s->table->columns, 2);
	assert_int_equal(s->settings.target, -1);
	assert_int_equal(s->results, 1);
	assert_true(session_result_stale(s, session_newest(s)));
	assert_string_equal(session_newest(s)->target, "scrap");
}

static void a_type_holds_for_the_training(void **state)
{
	(void)state;
	open_plant();
	say("features shift");
	train("train");
	assert_string_equal(session_newest(s)->weight[0].feature, "shift");
	say("type shift category");
	train("train");
	assert_string_equal(session_newest(s)->weight[0].feature, "shift=2");
	say("undo");
	assert_string_equal(choices(), "open plant.csv\ntarget scrap\n"
			    "features shift\nsplit\ntrain logistic\n");
	train("train");
	assert_string_equal(session_newest(s)->weight[0].feature, "shift");
}

/* ---- undo ---- */

static void undo_and_redo_walk_through_the_choices(void **state)
{
	static const char *const line[] = {
		"target scrap", "features -line", "clean drop-missing",
		"clean standardize fit=all", "split seed=3", "type shift text",
		"target scrap positive=no", "clean standardize off",
	};
	char *text[ARRAY_LEN(line) + 1];
	size_t n = ARRAY_LEN(line);

	(void)state;
	say("open plant.csv");
	for (size_t i = 0; i < n; i++) {
		text[i] = mem_strdup(choices());
		say(line[i]);
	}
	text[n] = mem_strdup(choices());
	for (int twice = 0; twice < 2; twice++) {
		for (size_t i = n; i-- > 0; ) {
			say("undo");
			assert_string_equal(choices(), text[i]);
		}
		refuses("undo", 0, "nothing to undo");
		for (size_t i = 1; i <= n; i++) {
			say("redo");
			assert_string_equal(choices(), text[i]);
		}
		refuses("redo", 0, "nothing to redo");
	}
	for (size_t i = 0; i <= n; i++)
		free(text[i]);
}

static const struct rule_use *use_named(const char *name)
{
	char text[RULE_NAME];

	for (size_t i = 0; i < s->settings.rules; i++)
		if (!strcmp(rule_use_name(&s->settings.rule[i], text), name))
			return &s->settings.rule[i];
	return NULL;
}

/* One looks at what it would do before it is used. */
static void set_rules_that_are_off(void)
{
	say("clean impute off method=mean");
	assert_false(use_named("impute")->on);
	assert_string_equal(options_text(&use_named("impute")->options,
					 "method"), "mean");
	say("clean impute off");
	assert_string_equal(options_text(&use_named("impute")->options,
					 "method"), "mean");
	say("clean impute.2 off columns=speed");
	assert_false(use_named("impute.2")->on);
	say("clean impute on method=mode");
	assert_true(use_named("impute")->on);
	refuses("clean impute delete method=mean", 2, "'delete'");
	say("clean impute delete");
	say("clean impute.2 delete");
}

/* No result depends on it, but somebody chose it. */
static void a_rule_that_is_off_has_options_and_is_undone_too(void **state)
{
	(void)state;
	open_plant();
	set_rules_that_are_off();
	say("clean impute off method=mean");
	say("clean impute.2 off columns=speed");
	say("clean impute.2 delete");
	assert_null(use_named("impute.2"));
	say("undo");
	assert_non_null(use_named("impute.2"));
	say("undo");
	assert_null(use_named("impute.2"));
	say("undo");
	assert_string_equal(options_text(&use_named("impute")->options,
					 "method"), "median");
	say("redo");
	assert_string_equal(options_text(&use_named("impute")->options,
					 "method"), "mean");
}

static void a_new_choice_forgets_what_was_taken_back(void **state)
{
	(void)state;
	open_plant();
	say("split seed=1");
	say("undo");
	say("split seed=2");
	refuses("redo", 0, "nothing to redo");
	say("undo");
	say("undo");
	refuses("undo", 0, "nothing to undo");
}

static void what_changes_nothing_is_nothing_to_undo(void **state)
{
	(void)state;
	open_plant();
	say("target scrap");
	say("features all");
	say("split");
	say("undo");
	assert_int_equal(s->settings.target, -1);
	refuses("undo", 0, "nothing to undo");
}

/* What a column was before it became the target is no choice. */
static void the_target_is_no_exception_of_features(void **state)
{
	char *before;

	(void)state;
	open_plant();
	say("role scrap group");
	say("features line shift speed");
	before = mem_strdup(choices());
	say("open plant.csv");
	say("role scrap group");
	say("features line shift speed scrap");
	say("target scrap");
	assert_string_equal(choices(), before);
	free(before);
}

static void another_file_is_a_new_beginning(void **state)
{
	(void)state;
	open_plant();
	say("open plant.csv");
	refuses("undo", 0, "nothing to undo");
}

/* ---- recipes ---- */

static void carry_out(const char *path, const char *data,
		      const struct preset *preset)
{
	if (!session_recipe(s, path, data, preset, &err))
		fail_msg("%s", err.text);
}

/* The choices, saved and carried out in a new session, are the same. */
static void comes_back(const char *path)
{
	size_t n = s->settings.columns;
	char *text = mem_strdup(choices());
	bool *uses = mem_array(n, sizeof(*uses));

	for (size_t c = 0; c < n; c++)
		uses[c] = settings_uses(&s->settings, c);
	if (!save_recipe(s, path, &err))
		fail_msg("%s", err.text);
	session_free(s, false);
	s = session_new(-1);
	if (!session_recipe(s, path, NULL, NULL, &err))
		fail_msg("%s\n%s", err.text, read_file(path));
	assert_string_equal(choices(), text);
	for (size_t c = 0; c < n; c++)
		if (settings_uses(&s->settings, c) != uses[c])
			fail_msg("column %zu after\n%s", c, text);
	free(uses);
	free(text);
}

static void a_saved_recipe_gives_the_same_choices(void **state)
{
	(void)state;
	say("open plant.csv missing=\"NA,I/O Timeout\" delimiter=,");
	say("target scrap positive=no");
	say("type shift category");
	say("features all -line +id");
	say("clean drop-missing columns='temp [K],line'");
	say("clean standardize fit=all");
	say("split test=0.3 seed=7");
	comes_back("saved.gemba");
}

static void a_saved_recipe_gives_the_same_result(void **state)
{
	char *key;
	double loss;

	(void)state;
	open_plant();
	say("type shift category");
	say("features shift 'it'\"'\"'s \"hot\"' '#no'");
	say("clean standardize");
	train("train logistic l2=3");
	key = mem_strdup(session_newest(s)->key);
	loss = session_newest(s)->test.log_loss;
	comes_back("saved.gemba");
	assert_int_equal(s->results, 1);
	assert_string_equal(session_newest(s)->key, key);
	assert_true(session_newest(s)->test.log_loss == loss);
	free(key);
}

static void names_are_quoted_when_they_are_saved(void **state)
{
	(void)state;
	write_file("names.csv", "a b,\"x\"\"y\",it's,#h,\"c,d\",日本,y\n"
		   "1,2,3,4,5,6,no\n2,3,4,5,6,7,yes\n3,5,4,6,5,7,yes\n");
	say("open names.csv");
	say("target y");
	say("features 'a b' 'x\"y' \"it's\" '#h' c,d 日本");
	say("features -'a b' -日本");
	comes_back("names.gemba");
	say("features 'a b'");
	comes_back("names.gemba");
}

static void names_that_are_words_of_the_language_come_back(void **state)
{
	(void)state;
	write_file("words.csv", "all,none,-x,+z,x,y\n"
		   "1,2,3,4,5,no\n2,3,4,5,6,yes\n3,5,4,6,5,yes\n");
	say("open words.csv");
	say("target y");
	comes_back("words.gemba");
	say("features -x");
	assert_false(s->settings.feature[0]);
	comes_back("words.gemba");
	say("features -all");
	comes_back("words.gemba");
	say("features none -none");
	comes_back("words.gemba");
}

static void a_path_in_a_recipe_is_beside_the_recipe(void **state)
{
	(void)state;
	write_file("sub/r.gemba", "open ../plant.csv\ntarget scrap\n");
	carry_out("sub/r.gemba", NULL, NULL);
	assert_string_equal(s->settings.path, "sub/../plant.csv");
}

static void a_recipe_is_saved_for_its_own_folder(void **state)
{
	char *real = realpath("plant.csv", NULL);

	(void)state;
	open_plant();
	assert_true(save_recipe(s, "beside.gemba", &err));
	assert_memory_equal(read_file("beside.gemba"), "open plant.csv\n", 15);
	assert_true(save_recipe(s, "sub/far.gemba", &err));
	assert_memory_equal(read_file("sub/far.gemba") + 5, real,
			    strlen(real));
	session_free(s, false);
	s = session_new(-1);
	carry_out("sub/far.gemba", NULL, NULL);
	assert_int_equal(s->table->rows, 41);
	free(real);
}

static void what_cannot_be_saved_leaves_nothing(void **state)
{
	(void)state;
	open_plant();
	assert_false(save_recipe(s, "nowhere/r.gemba", &err));
	assert_int_equal(err.code, ERR_IO);
	assert_non_null(strstr(err.text, "nowhere/r.gemba"));
	/* A folder stands where the file should go. */
	assert_false(save_recipe(s, "sub", &err));
	assert_int_equal(access("sub/.", F_OK), 0);
}

static void data_from_outside_takes_the_place_of_the_file(void **state)
{
	(void)state;
	write_file("sub/r.gemba", "open nothere.csv\ntarget scrap\n");
	carry_out("sub/r.gemba", "plant.csv", NULL);
	assert_string_equal(s->settings.path, "plant.csv");
	write_file("sub/r.gemba", "target scrap\n");
	carry_out("sub/r.gemba", "plant.csv", NULL);
	assert_int_equal(s->settings.target, 7);
}

static void presets_come_before_each_training(void **state)
{
	char *line[] = { "split seed=5", "train baseline", "features shift" };
	struct preset preset = { line, ARRAY_LEN(line) };

	(void)state;
	write_file("r.gemba", "open plant.csv\ntarget scrap\n"
		   "features line\nsplit seed=1\ntrain logistic\n"
		   "split seed=2\nfeatures line\ntrain logistic\n");
	carry_out("r.gemba", NULL, &preset);
	assert_int_equal(s->results, 3);
	for (size_t i = 0; i < s->results; i++) {
		assert_non_null(strstr(s->result[i]->key,
				       "features shift\nsplit seed=5\n"));
		/* The baseline looks at none. */
		assert_int_equal(s->result[i]->features, i < 2);
	}
	assert_string_equal(s->result[2]->method->name, "baseline");
}

static void presets_come_last_where_nothing_trains(void **state)
{
	char *line[] = { "split seed=5" };
	struct preset preset = { line, ARRAY_LEN(line) };

	(void)state;
	write_file("r.gemba", "open plant.csv\nsplit seed=1\n");
	carry_out("r.gemba", NULL, &preset);
	assert_non_null(strstr(choices(), "split seed=5\n"));
}

static void points_at(const char *recipe, const char *wanted)
{
	write_file("r.gemba", recipe);
	assert_false(session_recipe(s, "r.gemba", NULL, NULL, &err));
	assert_string_equal(err.text, wanted);
}

static void an_error_shows_the_line_and_a_caret(void **state)
{
	(void)state;
	points_at("open plant.csv\n\n# comment\ntarget  srcap # which\n",
		  "r.gemba:4: there is no column 'srcap'; did you mean "
		  "'scrap'?\n  target  srcap # which\n          ^");
	points_at("open plant.csv\n\ttarget\tx\n",
		  "r.gemba:2: there is no column 'x'\n   target x\n"
		  "          ^");
	points_at("open plant.csv\nfeatures '日本' \033\n",
		  "r.gemba:2: there is no column '日本'\n"
		  "  features '日本' ␛\n           ^");
	points_at("open plant.csv\nfeatures line '日本語' \033[m\r\n",
		  "r.gemba:2: there is no column '日本語'\n"
		  "  features line '日本語' ␛[m\n                ^");
	points_at("open plant.csv\ntarget scrap\nfeatures none\ntrain\n",
		  "r.gemba:4: no feature left: features NAME...\n  train\n"
		  "  ^");
}

static void a_recipe_ends_at_its_error_or_at_quit(void **state)
{
	(void)state;
	write_file("r.gemba", "open plant.csv\nsplit seed=1\nsplit x\n"
		   "split seed=2\n");
	assert_false(session_recipe(s, "r.gemba", NULL, NULL, &err));
	assert_non_null(strstr(choices(), "split seed=1\n"));
	assert_false(session_busy(s));
	write_file("r.gemba", "split seed=3\nquit\nsplit seed=4\n");
	carry_out("r.gemba", NULL, NULL);
	assert_true(s->quit);
	assert_non_null(strstr(choices(), "split seed=3\n"));
	assert_false(session_busy(s));
}

static void a_recipe_may_come_from_windows(void **state)
{
	(void)state;
	write_file("r.gemba",
		   "\xef\xbb\xbfopen plant.csv\r\ntarget scrap\r\n");
	carry_out("r.gemba", NULL, NULL);
	assert_int_equal(s->settings.target, 7);
}

/* ---- completion ---- */

/* All the candidates for a line with | between them. */
static void completes_to(const char *line, const char *wanted)
{
	char all[500] = "", *word;

	for (size_t n = 0; (word = command_complete(s, line, n)); n++) {
		text_append(all, sizeof(all), "%s%s", n ? "|" : "", word);
		free(word);
	}
	assert_string_equal(all, wanted);
}

static void commands_are_completed(void **state)
{
	char *word = command_complete(s, "", 0);

	(void)state;
	assert_non_null(word);
	free(word);
	completes_to("tra", "train");
	completes_to("t", "target|toggle|type|train|tune|threshold");
	completes_to("zz", "");
	completes_to("zz ", "");
	completes_to("zz a", "");
}

static void columns_are_completed_once_there_are_some(void **state)
{
	(void)state;
	completes_to("target ", "");
	open_plant();
	completes_to("target s", "shift|speed|scrap");
	completes_to("target temp", "temp [K]");
	completes_to("target 'temp [K]' ", "");
	completes_to("target scrap ", "positive=no|positive=yes");
	completes_to("features ", "all|none|id|line|shift|temp [K]|"
		     "it's \"hot\"|#no|speed|scrap|type=number|"
		     "type=category|type=text|type=time");
	completes_to("features -sh", "-shift");
	completes_to("features +s", "+shift|+speed|+scrap");
	completes_to("type li", "line");
	completes_to("type line ", "number|category|text|time");
	completes_to("target 'sc", "");
}

static void rules_methods_and_options_are_completed(void **state)
{
	(void)state;
	completes_to("clean drop-", "drop-missing|drop-duplicates|"
		     "drop-constant");
	completes_to("clean standardize ",
		     "on|off|toggle|delete|up|down|fit=|columns=");
	completes_to("clean impute.2 in", "indicator=");
	open_plant();
	completes_to("clean outliers columns=s",
		     "columns=shift|columns=speed");
	completes_to("clean impute columns=speed,s",
		     "columns=speed,shift|columns=speed,speed|"
		     "columns=speed,scrap");
	completes_to("clean impute method=previous group=li", "group=line");
	say("clean impute.2 columns=line");
	completes_to("clean impute", "impute|impute.2");
	completes_to("clean standardize fit=", "fit=train|fit=all");
	completes_to("clean standardize fit=a", "fit=all");
	completes_to("clean nothing ", "");
	completes_to("split ", "test=|seed=|stratify=|time=|group=|gap=|"
		     "folds=|shuffle=");
	completes_to("split te", "test=");
	open_plant();
	completes_to("split time=s", "time=shift|time=speed|time=scrap");
	completes_to("split group=temp", "group=temp [K]");
	completes_to("split shuffle=", "shuffle=yes|shuffle=no");
	completes_to("train log", "logistic");
	completes_to("train logistic sol", "solver=");
	completes_to("train logistic solver=", "solver=newton|"
		     "solver=liblinear");
	completes_to("train logistic l2=1 solver=l", "solver=liblinear");
	completes_to("train logistic l2=", "");
	completes_to("train nothing ", "");
	completes_to("open plant.csv head", "header=");
	completes_to("autotrain ", "on|off");
	completes_to("stop ", "keep|abort");
}

static void the_interface_adds_commands_of_its_own(void **state)
{
	static const struct command mine[] = {
		{ .name = "zebra", .args = "", .help = "For the screen",
		  .flags = COMMAND_SCREEN },
		{ 0 }
	};

	(void)state;
	command_add(mine);
	command_add(mine);
	completes_to("zeb", "zebra");
	assert_ptr_equal(command_find("zebra"), mine);
	refuses("zebra", 0, "workbench");
	assert_null(command_find("zebr"));
}

/* ---- beside an interface ---- */

static int wake[2];

static int begin_with_worker(void **state)
{
	(void)state;
	err = (struct err){ 0 };
	if (pipe2(wake, O_NONBLOCK | O_CLOEXEC))
		return -1;
	s = session_new(wake[1]);
	return 0;
}

static int end_with_worker(void **state)
{
	end(state);
	return close(wake[0]) || close(wake[1]);
}

/* Do what the interface's loop does until there is nothing left to do. */
static void wait_until_idle(void)
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

static void a_recipe_gives_the_same_with_a_worker(void **state)
{
	char *key;
	double loss;

	(void)state;
	write_file("r.gemba", "open plant.csv\ntarget scrap\n"
		   "clean drop-missing\nclean standardize\nfeatures -speed\n"
		   "train baseline\ntrain logistic\nsplit seed=1\ntrain\n");
	carry_out("r.gemba", NULL, NULL);
	wait_until_idle();
	assert_int_equal(s->results, 3);
	key = mem_strdup(s->result[2]->key);
	loss = s->result[2]->test.log_loss;
	session_free(s, false);
	s = session_new(-1);
	carry_out("r.gemba", NULL, NULL);
	assert_int_equal(s->results, 3);
	assert_string_equal(s->result[2]->key, key);
	assert_true(s->result[2]->test.log_loss == loss);
	free(key);
}

static void the_ledger_follows_the_choices(void **state)
{
	(void)state;
	say("open plant.csv");
	wait_until_idle();
	say("target scrap");
	wait_until_idle();
	assert_int_equal(s->ledger.used, 41);
	say("clean drop-missing");
	assert_true(session_ledger_stale(s));
	wait_until_idle();
	assert_false(session_ledger_stale(s));
	assert_int_equal(s->ledger.used, 40);
	say("clean drop-missing off");
	say("clean drop-duplicates");
	wait_until_idle();
	assert_int_equal(s->ledger.used, 40);
	assert_int_equal(s->ledger.read, 41);
}

/* The choices are the same to the letter, but what is in the file is not. */
static void a_file_that_is_read_again_is_counted_again(void **state)
{
	(void)state;
	say("open plant.csv");
	wait_until_idle();
	say("autotrain off");
	say("target scrap");
	say("features line");
	say("train baseline");
	wait_until_idle();
	assert_false(session_result_stale(s, session_newest(s)));
	write_file("plant.csv", "a,scrap\n1,no\n2,yes\n3,no\n");
	say("open plant.csv");
	wait_until_idle();
	say("target scrap");
	wait_until_idle();
	assert_true(session_result_stale(s, session_newest(s)));
	assert_int_equal(s->ledger.read, 3);
	write_plant();
}

static void choices_wait_for_the_file(void **state)
{
	(void)state;
	say("open plant.csv");
	wait_until_idle();
	say("open plant.csv");
	refuses("target scrap", 0, "the file is still being read");
	wait_until_idle();
	say("target scrap");
	wait_until_idle();
}

static void a_change_trains_anew_when_there_was_a_training(void **state)
{
	(void)state;
	say("open plant.csv");
	wait_until_idle();
	say("target scrap");
	say("features line shift");
	wait_until_idle();
	assert_int_equal(s->results, 0);
	say("train logistic");
	wait_until_idle();
	assert_int_equal(s->results, 1);
	say("toggle line");
	wait_until_idle();
	assert_int_equal(s->results, 2);
	assert_int_equal(session_newest(s)->features, 1);
	assert_false(session_result_stale(s, session_newest(s)));
	say("autotrain off");
	say("toggle line");
	wait_until_idle();
	assert_int_equal(s->results, 2);
}

/* So long that it cannot have ended before it is told to. */
#define LONG_TRAINING "train sgd epochs=1000000 batch=1"

/* The result of the method that was undone is still there. */
static void what_is_undone_to_no_method_does_not_train(void **state)
{
	(void)state;
	say("open plant.csv");
	wait_until_idle();
	say("target scrap");
	say("features line");
	wait_until_idle();
	say("train baseline");
	wait_until_idle();
	assert_int_equal(s->results, 1);
	say("autotrain on");
	say("undo");
	assert_null(s->settings.method);
	wait_until_idle();
	say("split seed=7");
	wait_until_idle();
	assert_int_equal(s->results, 1);
	say("undo");
	say("train baseline");
	say("undo");
	wait_until_idle();
	assert_null(s->settings.method);
}

static void a_training_that_is_stopped_keeps_its_model(void **state)
{
	struct pollfd pipe = { .fd = wake[0], .events = POLLIN };

	(void)state;
	say("open plant.csv");
	wait_until_idle();
	say("target scrap");
	say("features line shift");
	say(LONG_TRAINING);
	session_turn(s);
	while (!s->note_fresh || s->note.iteration < 3) {
		assert_int_equal(poll(&pipe, 1, 20000), 1);
		session_turn(s);
	}
	say("stop");
	wait_until_idle();
	assert_int_equal(s->results, 1);
	assert_true(session_newest(s)->stopped);
	assert_true(session_newest(s)->iterations >= 3);
}

/* What was asked for has not begun when the baseline is stopped. */
static void stop_at_the_baseline_trains_what_was_asked_for(void **state)
{
	(void)state;
	say("open plant.csv");
	wait_until_idle();
	say("target scrap");
	say("features line shift");
	wait_until_idle();
	s->screen = wake;	/* any: there is one */
	say("train logistic");
	session_turn(s);
	say("stop");
	wait_until_idle();
	s->screen = NULL;
	assert_int_equal(s->results, 2);
	assert_string_equal(session_newest(s)->method->name, "logistic");
}

static void a_training_that_is_aborted_leaves_nothing(void **state)
{
	(void)state;
	say("open plant.csv");
	wait_until_idle();
	say("target scrap");
	say("features line shift");
	say(LONG_TRAINING);
	session_turn(s);
	say("stop abort");
	wait_until_idle();
	assert_int_equal(s->results, 0);
	assert_false(s->message_is_error);
}

static void another_file_ends_the_training(void **state)
{
	(void)state;
	write_file("other.csv", "x,y\n1,a\n2,b\n");
	say("open plant.csv");
	wait_until_idle();
	say("target scrap");
	say("features line shift");
	say(LONG_TRAINING);
	session_turn(s);
	say("open other.csv");
	wait_until_idle();
	assert_int_equal(s->results, 0);
	assert_string_equal(s->settings.path, "other.csv");
	assert_int_equal(s->table->columns, 2);
}

static void a_type_may_change_while_training(void **state)
{
	(void)state;
	say("open plant.csv");
	wait_until_idle();
	say("target scrap");
	say("features line shift");
	say(LONG_TRAINING);
	session_turn(s);
	say("type shift category");
	say("type shift text");
	say("type shift category");
	say("train logistic");
	wait_until_idle();
	assert_string_equal(session_newest(s)->method->name, "logistic");
	assert_int_equal(session_newest(s)->features, 2);
}

/* So large that reading its columns is not done at once. */
static void write_large(void)
{
	FILE *out = fopen("large.csv", "w");

	assert_non_null(out);
	fputs("i,x,y\n", out);
	for (int i = 0; i < 300000; i++)
		fprintf(out, "%d,%d,%d.5\n", i, i % 7, i);
	fclose(out);
}

static void who_gives_up_reading_keeps_the_rows(void **state)
{
	bool exact;

	(void)state;
	write_large();
	say("open plant.csv");
	wait_until_idle();
	say("open large.csv");
	session_stop(s, false);
	wait_until_idle();
	assert_null(s->table);
	assert_string_equal(s->settings.path, "large.csv");
	assert_string_equal(source_path(session_source(s)), "large.csv");
	assert_false(s->message_is_error);
	source_rows(session_source(s), &exact);
	refuses("target y", 0, "needs the columns of the file: read first");
	say("read");
	wait_until_idle();
	assert_non_null(s->table);
	assert_int_equal(s->table->rows, 300000);
	refuses("read", 0, "are read already");
	say("target y");
	wait_until_idle();
}

static void an_export_goes_on_beside_a_training(void **state)
{
	(void)state;
	say("open plant.csv");
	wait_until_idle();
	say("target scrap");
	say("features line shift");
	say(LONG_TRAINING);
	session_turn(s);
	say("export beside.csv over=yes");
	while (errands_waiting(s->errands, ERRAND_EXPORT)) {
		usleep(2000);
		session_turn(s);
	}
	assert_int_equal(s->working, WORK_TRAIN);
	assert_non_null(strstr(s->message, "41 rows are in beside.csv"));
	say("stop abort");
	wait_until_idle();
}

static void an_error_of_the_worker_is_told(void **state)
{
	(void)state;
	say("open plant.csv");
	wait_until_idle();
	say("train logistic");
	wait_until_idle();
	assert_int_equal(s->results, 0);
	assert_true(s->message_is_error);
	assert_non_null(strstr(s->message, "no target"));
}

static void exports_are_without_loss(void **state)
{
	char *text;

	(void)state;
	write_file("odd.csv", "a,b\n1,\"x\ny\"\n2\n3,4,5\n\n6,7\n");
	say("open odd.csv header=yes");
	say("export all.csv");
	assert_string_equal(read_file("all.csv"),
			    "a,b\n1,\"x\ny\"\n2\n3,4,5\n6,7\n");
	refuses("export all.csv", 1, "over=yes replaces it");
	say("export all.csv over=yes");
	refuses("export odd.csv over=yes", 1, "is the data");
	refuses("export nowhere/a.csv", 1, "cannot write");
	say("export rejects rejects.csv");
	text = mem_strdup(read_file("rejects.csv"));
	assert_string_equal(text, "line,why,a,b\n"
			    "4,\"1 cell, not 2\",2\n"
			    "5,\"3 cells, not 2\",3,4,5\n");
	say("export rejects");
	assert_string_equal(read_file("odd-rejects.csv"), text);
	refuses("export rejects", 1, "odd-rejects.csv is there already");
	say("export rejects over=yes");
	/* What is meant by this is all rows, to a file that is not said. */
	refuses("export all", 1, "FILE");
	free(text);
}

static void a_recipe_ends_where_the_work_failed(void **state)
{
	(void)state;
	write_file("r.gemba", "open plant.csv\ntarget scrap\n"
		   "train logistic\nfeatures line\ntrain baseline\n");
	carry_out("r.gemba", NULL, NULL);
	wait_until_idle();
	assert_int_equal(s->results, 0);
	assert_true(s->message_is_error);
	assert_non_null(strstr(s->message, "r.gemba:3: "));
}

static void a_session_can_be_left_while_it_works(void **state)
{
	(void)state;
	say("open plant.csv");
	wait_until_idle();
	say("target scrap");
	say("features line shift");
	say(LONG_TRAINING);
	session_turn(s);
	/* end_with_worker() does the rest. */
}

#define ALONE(f) cmocka_unit_test_setup_teardown(f, begin, end)
#define BESIDE(f) \
	cmocka_unit_test_setup_teardown(f, begin_with_worker, end_with_worker)

static const struct CMUnitTest tests[] = {
	ALONE(commands_change_the_choices),
	ALONE(what_is_wrong_is_pointed_at_and_changes_nothing),
	ALONE(a_failed_open_keeps_the_file_that_is_open),
	ALONE(rules_stand_in_the_order_in_which_they_were_written),
	ALONE(a_rule_that_is_switched_on_does_not_move),
	ALONE(a_rule_is_used_twice_with_other_columns),
	ALONE(rules_move_within_their_kind_only),
	ALONE(options_may_make_a_rule_another_kind),
	ALONE(options_that_do_not_go_together_are_refused),
	ALONE(a_rule_turned_off_and_on_keeps_its_options),
	ALONE(features_are_the_shorter_of_a_list_and_all_but),
	ALONE(a_result_is_stale_when_its_choices_are_not_those),
	ALONE(a_training_that_fails_leaves_no_result),
	ALONE(train_alone_repeats_the_method),
	ALONE(a_method_can_be_chosen_before_it_is_trained),
	ALONE(the_target_chooses_the_method_where_none_fits),
	ALONE(the_best_is_of_the_newest_ones_task),
	ALONE(another_file_leaves_the_results),
	ALONE(a_type_holds_for_the_training),
	ALONE(undo_and_redo_walk_through_the_choices),
	ALONE(a_rule_that_is_off_has_options_and_is_undone_too),
	ALONE(a_new_choice_forgets_what_was_taken_back),
	ALONE(what_changes_nothing_is_nothing_to_undo),
	ALONE(the_target_is_no_exception_of_features),
	ALONE(another_file_is_a_new_beginning),
	ALONE(a_saved_recipe_gives_the_same_choices),
	ALONE(a_saved_recipe_gives_the_same_result),
	ALONE(names_are_quoted_when_they_are_saved),
	ALONE(names_that_are_words_of_the_language_come_back),
	ALONE(a_path_in_a_recipe_is_beside_the_recipe),
	ALONE(a_recipe_is_saved_for_its_own_folder),
	ALONE(what_cannot_be_saved_leaves_nothing),
	ALONE(data_from_outside_takes_the_place_of_the_file),
	ALONE(presets_come_before_each_training),
	ALONE(presets_come_last_where_nothing_trains),
	ALONE(an_error_shows_the_line_and_a_caret),
	ALONE(a_recipe_ends_at_its_error_or_at_quit),
	ALONE(a_recipe_may_come_from_windows),
	ALONE(commands_are_completed),
	ALONE(columns_are_completed_once_there_are_some),
	ALONE(rules_methods_and_options_are_completed),
	ALONE(the_interface_adds_commands_of_its_own),
	ALONE(exports_are_without_loss),
	BESIDE(a_recipe_gives_the_same_with_a_worker),
	BESIDE(the_ledger_follows_the_choices),
	BESIDE(a_file_that_is_read_again_is_counted_again),
	BESIDE(choices_wait_for_the_file),
	BESIDE(what_is_undone_to_no_method_does_not_train),
	BESIDE(a_change_trains_anew_when_there_was_a_training),
	BESIDE(a_training_that_is_stopped_keeps_its_model),
	BESIDE(stop_at_the_baseline_trains_what_was_asked_for),
	BESIDE(a_training_that_is_aborted_leaves_nothing),
	BESIDE(another_file_ends_the_training),
	BESIDE(a_type_may_change_while_training),
	BESIDE(who_gives_up_reading_keeps_the_rows),
	BESIDE(an_export_goes_on_beside_a_training),
	BESIDE(an_error_of_the_worker_is_told),
	BESIDE(a_recipe_ends_where_the_work_failed),
	BESIDE(a_session_can_be_left_while_it_works),
};

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
