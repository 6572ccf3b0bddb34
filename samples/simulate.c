/*
 * simulate.c - the sample files, drawn from a truth that is known
 *
 * Whoever learns a tool wants to see it find what is there, and nothing else.
 * So these data are made: each sample is a table of columns, and what a column
 * really does to the outcome stands in its row of that table.  README.md says
 * the same in words.  The same source writes the same bytes each time:
 *
 *	cc -std=c11 -Isrc -o simulate samples/simulate.c src/base/rng.c -lm
 *	./simulate enterprises > samples/enterprises.csv
 */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"

#define PI 3.14159265358979323846
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* One value of a category. */
struct level {
	const char *text;
	double share;		/* of the rows; the shares sum to 1 */
	double weight;		/* what it adds to the score */
};

struct column;

/* A row while it is being drawn, from left to right. */
struct row {
	struct rng rng;
	unsigned number;	/* 1 is the first below the header */
	double deviate;		/* of the number last drawn: mean 0, sd 1 */
	double value;		/* the same number, as written */
	double score;		/* what the columns so far add up to */
	char cell[32];
};

typedef void draw_fn(struct row *row, const struct column *column);

/*
 * One column and what it does.  A number x, as it stands in the file, adds
 * weight * z + bend * z^2 to the score, where z = (x - mean) / sd.
 */
struct column {
	const char *name;
	draw_fn *draw;
	const char *text;		/* label: prefix; verdict: yes */
	const char *other;		/* verdict: no */
	const struct level *levels;	/* category: ends with no text */
	double mean, sd, low, high;	/* low and high clip; a verdict has
					 * its intercept or limit in mean */
	int decimals;
	double r;		/* correlation with the number before it */
	double weight, bend;
};

/* A cell that the export left out. */
struct hole {
	unsigned row;
	const char *column;
};

/* A row that the export wrote a second time. */
struct repeat {
	unsigned row, of;
};

struct sample {
	const char *name;
	void (*write)(const struct sample *sample);
	uint32_t seed;
	unsigned rows;
	const struct column *columns;	/* ends with no name */
	const struct hole *holes;	/* ends with row 0 */
	const struct repeat *repeats;	/* ends with row 0 */
	const char *missing;		/* how a hole is written */
};

/* Random numbers. */

/* Box and Muller (1958); 1 - u, for log(0) has no value. */
static double normal_deviate(struct rng *rng)
{
	double u = rng_double(rng);
	double v = rng_double(rng);

	return sqrt(-2 * log(1 - u)) * cos(2 * PI * v);
}

/* Exponential, moved to mean 0; its sd is 1 already. */
static double skewed_deviate(struct rng *rng)
{
	return -log(1 - rng_double(rng)) - 1;
}

static bool chance(struct rng *rng, double p)
{
	return rng_double(rng) < p;
}

static double clip(double x, double low, double high)
{
	return x < low ? low : x > high ? high : x;
}

/* As a sensor reports it.  The sum turns -0 into 0. */
static double rounded(double x, int decimals)
{
	double scale = pow(10, decimals);

	return round(x * scale) / scale + 0.0;
}

/* Columns: each function draws one cell. */

/* A name of its own for each row; decimals says with how many digits. */
static void label(struct row *row, const struct column *c)
{
	snprintf(row->cell, sizeof(row->cell), "%s%0*u", c->text, c->decimals,
		 row->number);
}

/* The last level takes what rounding leaves of the shares. */
static size_t pick(struct rng *rng, const struct level *levels)
{
	double left = rng_double(rng) - levels[0].share;
	size_t i = 0;

	while (left >= 0 && levels[i + 1].text)
		left -= levels[++i].share;
	return i;
}

static void category(struct row *row, const struct column *c)
{
	const struct level *level = &c->levels[pick(&row->rng, c->levels)];

	row->score += level->weight;
	snprintf(row->cell, sizeof(row->cell), "%s", level->text);
}

static void put_number(struct row *row, const struct column *c, double x)
{
	row->value = rounded(clip(x, c->low, c->high), c->decimals);
	snprintf(row->cell, sizeof(row->cell), "%.*f", c->decimals, row->value);
}

static void number(struct row *row, const struct column *c, double fresh)
{
	double z;

	row->deviate = c->r * row->deviate + sqrt(1 - c->r * c->r) * fresh;
	put_number(row, c, c->mean + c->sd * row->deviate);
	z = (row->value - c->mean) / c->sd;
	row->score += c->weight * z + c->bend * z * z;
}

static void normal(struct row *row, const struct column *c)
{
	number(row, c, normal_deviate(&row->rng));
}

static void skewed(struct row *row, const struct column *c)
{
	number(row, c, skewed_deviate(&row->rng));
}

/* A number that is the score itself: mean is added, sd is its noise. */
static void total(struct row *row, const struct column *c)
{
	double noise = c->sd * normal_deviate(&row->rng);

	put_number(row, c, c->mean + row->score + noise);
}

static void verdict(struct row *row, const struct column *c, bool yes)
{
	snprintf(row->cell, sizeof(row->cell), "%s", yes ? c->text : c->other);
}

/* Yes by chance: mean + score is the logarithm of the odds. */
static void odds(struct row *row, const struct column *c)
{
	double p = 1 / (1 + exp(-(c->mean + row->score)));

	verdict(row, c, chance(&row->rng, p));
}

/* Yes for certain, when the number before it has reached the mean. */
static void reached(struct row *row, const struct column *c)
{
	verdict(row, c, row->value >= c->mean);
}

/* Writing, as RFC 4180 has it but for the line ends. */

static void write_cell(const char *text)
{
	if (!text[strcspn(text, ",\"\n")]) {
		fputs(text, stdout);
		return;
	}
	putchar('"');
	for (; *text; text++) {
		if (*text == '"')
			putchar('"');
		putchar(*text);
	}
	putchar('"');
}

static void write_header(const struct column *columns)
{
	for (const struct column *c = columns; c->name; c++) {
		write_cell(c->name);
		putchar(c[1].name ? ',' : '\n');
	}
}

static bool is_hole(const struct hole *hole, unsigned row, const char *column)
{
	for (; hole->row; hole++)
		if (hole->row == row && strcmp(hole->column, column) == 0)
			return true;
	return false;
}

/* The row to draw in this place: itself, unless it repeats another. */
static unsigned source_row(const struct repeat *repeat, unsigned row)
{
	for (; repeat->row; repeat++)
		if (repeat->row == row)
			return repeat->of;
	return row;
}

/* A hole is made after the cell is drawn: it hides, it changes nothing. */
static void write_row(const struct sample *s, unsigned place)
{
	struct row row = { .number = source_row(s->repeats, place) };

	rng_init(&row.rng, s->seed + row.number);
	for (const struct column *c = s->columns; c->name; c++) {
		c->draw(&row, c);
		write_cell(is_hole(s->holes, place, c->name) ? s->missing :
			   row.cell);
		putchar(c[1].name ? ',' : '\n');
	}
}

/* Each row has a generator of its own, so a repeat is the row drawn again. */
static void write_columns(const struct sample *s)
{
	write_header(s->columns);
	for (unsigned place = 1; place <= s->rows; place++)
		write_row(s, place);
}

/* Enterprises: a hundred of them, and a choice that weights explain. */

static const struct level regions[] = {
	{ "North", 0.5, 0 },
	{ "South", 0.3, 0 },
	{ "West", 0.2, 0 },
	{ 0 }
};

static const struct level shift_models[] = {
	{ "two", 0.5, 0 },
	{ "three", 0.3, 1.0 },
	{ "one", 0.2, -1.0 },
	{ 0 }
};

static const struct column enterprise_columns[] = {
	{ "enterprise_id", label, .text = "E", .decimals = 3 },
	{ "region", category, .levels = regions },
	{ "shift_model", category, .levels = shift_models },
	{ "production_efficiency", normal, .mean = 78, .sd = 8, .low = 40,
	  .high = 100, .decimals = 1, .weight = 4.0 },
	{ "equipment_utilisation", normal, .mean = 72, .sd = 10, .low = 30,
	  .high = 100, .decimals = 1, .r = 0.4, .weight = 2.5 },
	{ "scrap", normal, .mean = 4, .sd = 1.5, .low = 0.1, .high = 15,
	  .decimals = 1, .weight = -3.0 },
	{ "product_quality", normal, .mean = 95, .sd = 2, .low = 80,
	  .high = 100, .decimals = 1, .r = -0.6 },
	{ "energy_per_unit", normal, .mean = 12.5, .sd = 2.5, .low = 4,
	  .high = 25, .decimals = 1, .weight = -2.0 },
	{ "maintenance_delay", skewed, .mean = 6, .sd = 4, .low = 2,
	  .high = 60, .decimals = 1, .weight = -2.0 },
	{ "order_backlog", normal, .mean = 14, .sd = 5, .low = 0,
	  .high = 40, .decimals = 0, .r = 0.5 },
	{ "efficient", odds, "yes", "no", .mean = -0.5 },
	{ 0 }
};

static const struct hole enterprise_holes[] = {
	{ 9, "energy_per_unit" },
	{ 23, "scrap" },
	{ 48, "maintenance_delay" },
	{ 71, "equipment_utilisation" },
	{ 86, "order_backlog" },
	{ 0 }
};

static const struct repeat enterprise_repeats[] = {
	{ 35, 17 },
	{ 64, 52 },
	{ 97, 40 },
	{ 0 }
};

/* Fields: headers and values in Chinese; the yield gives the answer away. */

static const struct level soils[] = {
	{ "壤土", 0.5, 0 },
	{ "砂土", 0.3, -0.5 },
	{ "黏土", 0.2, -0.1 },
	{ 0 }
};

static const struct column field_columns[] = {
	{ "地块", label, .text = "地块", .decimals = 3 },
	{ "土壤", category, .levels = soils },
	{ "土壤pH", normal, .mean = 6.5, .sd = 0.6, .low = 4, .high = 9,
	  .decimals = 1, .bend = -0.15 },
	{ "氮", normal, .mean = 110, .sd = 25, .low = 20, .high = 250,
	  .decimals = 0, .weight = 0.45 },
	{ "磷", normal, .mean = 22, .sd = 7, .low = 2, .high = 60,
	  .decimals = 1, .r = 0.4, .weight = 0.2 },
	{ "钾", normal, .mean = 130, .sd = 35, .low = 20, .high = 300,
	  .decimals = 0, .r = 0.4 },
	{ "降雨", normal, .mean = 480, .sd = 120, .low = 80, .high = 1000,
	  .decimals = 0, .weight = 0.5 },
	{ "灌溉", normal, .mean = 160, .sd = 60, .low = 0, .high = 400,
	  .decimals = 0, .r = -0.6, .weight = 0.35 },
	{ "温度", normal, .mean = 21, .sd = 2.5, .low = 10, .high = 32,
	  .decimals = 1, .weight = -0.2 },
	{ "产量", total, .mean = 6.2, .sd = 0.35, .low = 0, .high = 15,
	  .decimals = 2 },
	{ "达标", reached, "是", "否", .mean = 6.0 },
	{ 0 }
};

static const struct hole field_holes[] = {
	{ 38, "钾" }, { 39, "钾" }, { 40, "钾" }, { 41, "钾" },
	{ 207, "土壤pH" },
	{ 352, "降雨" },
	{ 353, "降雨" },
	{ 590, "氮" },
	{ 0 }
};

/* Deliveries: many categories, commas inside cells, a code made of digits. */

static const struct level depots[] = {
	{ "Dijon", 0.50, 0 },
	{ "Grenoble", 0.30, 0 },
	{ "Lyon, Est", 0.12, 0 },
	{ "Lyon, Ouest", 0.08, 0 },
	{ 0 }
};

static const struct level docks[] = {
	{ "1", 0.30, 0 },
	{ "2", 0.20, 0.8 },
	{ "3", 0.15, -0.6 },
	{ "4", 0.15, 0 },
	{ "5", 0.10, 1.0 },
	{ "6", 0.10, -0.4 },
	{ 0 }
};

static const struct level routes[] = {
	{ "Nord", 0.30, 0 },
	{ "Sud", 0.25, 0.3 },
	{ "Est", 0.20, 0 },
	{ "Ouest", 0.15, -0.4 },
	{ "Alpes", 0.10, 1.0 },
	{ 0 }
};

static const struct level carriers[] = {
	{ "Alba", 0.45, 0 },
	{ "Norda", 0.35, -0.5 },
	{ "Roux", 0.20, 0.7 },
	{ 0 }
};

static const struct level weekdays[] = {
	{ "Tue", 0.20, 0 },
	{ "Mon", 0.16, 0.4 },
	{ "Wed", 0.17, 0 },
	{ "Thu", 0.17, 0 },
	{ "Fri", 0.18, 0.6 },
	{ "Sat", 0.12, 0 },
	{ 0 }
};

static const struct column delivery_columns[] = {
	{ "delivery_id", label, .text = "D", .decimals = 4 },
	{ "depot", category, .levels = depots },
	{ "dock", category, .levels = docks },
	{ "route", category, .levels = routes },
	{ "carrier", category, .levels = carriers },
	{ "weekday", category, .levels = weekdays },
	{ "load [t]", normal, .mean = 12, .sd = 5, .low = 0.5, .high = 26,
	  .decimals = 1, .weight = 0.2 },
	{ "distance [km]", skewed, .mean = 180, .sd = 120, .low = 60,
	  .high = 900, .decimals = 0, .weight = 0.9 },
	{ "stops", normal, .mean = 5, .sd = 2, .low = 1, .high = 14,
	  .decimals = 0, .r = 0.4, .weight = 0.6 },
	{ "temperature [°C]", normal, .mean = 11, .sd = 8, .low = -20,
	  .high = 40, .decimals = 1, .bend = 0.35 },
	{ "departure_delay [min]", skewed, .mean = 12, .sd = 12, .low = 0,
	  .high = 240, .decimals = 0, .weight = 1.6 },
	{ "late", odds, "yes", "no", .mean = -1.8 },
	{ 0 }
};

static const struct hole delivery_holes[] = {
	{ 61, "temperature [°C]" },
	{ 62, "temperature [°C]" },
	{ 63, "temperature [°C]" },
	{ 318, "load [t]" },
	{ 505, "carrier" },
	{ 777, "departure_delay [min]" },
	{ 1024, "stops" },
	{ 1180, "load [t]" },
	{ 1181, "load [t]" },
	{ 1466, "distance [km]" },
	{ 1733, "departure_delay [min]" },
	{ 1733, "temperature [°C]" },
	{ 1951, "route" },
	{ 0 }
};

static const struct repeat no_repeats[] = { { 0 } };

/*
 * Presses: rare failures, each with a cause in physics.  No cause is a line
 * through the columns as they stand: products and differences are what tells.
 * Torque in Nm, speed in rpm, temperatures in K, wear in minutes.
 */

/* What the three lines press: light, medium, heavy. */
static const struct level press_lines[] = {
	{ "L", 0.6, 0 },
	{ "M", 0.3, 0 },
	{ "H", 0.1, 0 },
	{ 0 }
};

/* What that does to the tool, in the same order. */
static const struct {
	double wear_step;	/* minutes of wear that a row adds */
	double strain_limit;	/* torque * wear that it bears, Nm min */
} duties[] = {
	{ 2, 11000 },
	{ 3, 12000 },
	{ 5, 13000 },
};

static const struct {
	double air_mean, air_sd;
	double rise_mean, rise_sd;	/* process above air */
	double memory;		/* of both, from one row to the next */
	double torque_mean, torque_sd, torque_low;
	double speed_low;	/* where it ends under the greatest torque */
	double speed_span;	/* above that, at mean torque */
	double speed_fall;	/* how fast it falls: per sd of torque */
	double speed_noise;	/* sd of log((speed - low) / span) */
	double life_low, life_high;	/* of a tool, minutes */
	double break_chance;	/* that a tool at its end breaks at work */
	double power_low, power_high;	/* outside: failure, W */
	double heat_rise;	/* below it heat does not flow away ... */
	double heat_speed;	/* ... when the speed is below this too */
	double random_chance;
	unsigned shift_rows;	/* rows from one change of shift to the next */
} press = {
	.air_mean = 300, .air_sd = 2,
	.rise_mean = 10, .rise_sd = 1,
	.memory = 0.98,
	.torque_mean = 40, .torque_sd = 10, .torque_low = 3.5,
	.speed_low = 1160, .speed_span = 350,
	.speed_fall = 0.4, .speed_noise = 0.12,
	.life_low = 200, .life_high = 240,
	.break_chance = 0.4,
	.power_low = 3500, .power_high = 9000,
	.heat_rise = 8.6, .heat_speed = 1380,
	.random_chance = 0.001,
	.shift_rows = 60,
};

/* The press as it is now.  Its readings are kept as they are written. */
struct press_state {
	struct rng rng;
	size_t line;		/* in press_lines and duties */
	double air_deviate, rise_deviate;
	double air, process, torque, speed, wear;
	double life;		/* of the tool that is in */
	bool tool_broke, bad_luck;
};

static double drift(struct rng *rng, double deviate)
{
	double fresh = sqrt(1 - press.memory * press.memory);

	return press.memory * deviate + fresh * normal_deviate(rng);
}

static void read_temperatures(struct press_state *p)
{
	p->air_deviate = drift(&p->rng, p->air_deviate);
	p->rise_deviate = drift(&p->rng, p->rise_deviate);
	p->air = rounded(press.air_mean + press.air_sd * p->air_deviate, 1);
	p->process = rounded(p->air + press.rise_mean +
			     press.rise_sd * p->rise_deviate, 1);
}

static void read_motor(struct press_state *p)
{
	double load = normal_deviate(&p->rng);
	double noise = press.speed_noise * normal_deviate(&p->rng);
	double torque = press.torque_mean + press.torque_sd * load;

	p->torque = rounded(fmax(torque, press.torque_low), 1);
	p->speed = rounded(press.speed_low + press.speed_span *
			   exp(noise - press.speed_fall * load), 0);
}

static void new_tool(struct press_state *p)
{
	p->wear = 0;
	p->life = press.life_low +
		(press.life_high - press.life_low) * rng_double(&p->rng);
}

/* The tool wears; at the end of its life it breaks, or is changed in time. */
static void read_tool(struct press_state *p)
{
	p->tool_broke = false;
	if (p->wear >= p->life)
		new_tool(p);
	p->line = pick(&p->rng, press_lines);
	p->wear += duties[p->line].wear_step;
	if (p->wear >= p->life)
		p->tool_broke = chance(&p->rng, press.break_chance);
}

static void read_press(struct press_state *p)
{
	read_temperatures(p);
	read_motor(p);
	read_tool(p);
	p->bad_luck = chance(&p->rng, press.random_chance);
}

static bool overstrain(const struct press_state *p)
{
	return p->torque * p->wear > duties[p->line].strain_limit;
}

static bool power_outside(const struct press_state *p)
{
	double watts = p->torque * p->speed * 2 * PI / 60;

	return watts < press.power_low || watts > press.power_high;
}

/* The difference of two numbers with one decimal is rounded to one again. */
static bool overheated(const struct press_state *p)
{
	return rounded(p->process - p->air, 1) < press.heat_rise &&
		p->speed < press.heat_speed;
}

static bool worn_out(const struct press_state *p)
{
	return p->tool_broke;
}

static bool unlucky(const struct press_state *p)
{
	return p->bad_luck;
}

static bool (*const causes[])(const struct press_state *p) = {
	overstrain, power_outside, overheated, worn_out, unlucky,
};

static bool fails(const struct press_state *p)
{
	for (size_t i = 0; i < ARRAY_LEN(causes); i++)
		if (causes[i](p))
			return true;
	return false;
}

static void write_presses(const struct sample *s)
{
	struct press_state p = { .air_deviate = 0 };

	rng_init(&p.rng, s->seed);
	new_tool(&p);
	puts("press_id,air_temp,process_temp,speed,torque,wear,line,shift,"
	     "failure");
	for (unsigned row = 1; row <= s->rows; row++) {
		bool night = (row - 1) / press.shift_rows % 2;

		read_press(&p);
		printf("P%05u,%.1f,%.1f,%.0f,%.1f,%.0f,%s,%s,%s\n", row, p.air,
		       p.process, p.speed, p.torque, p.wear,
		       press_lines[p.line].text, night ? "night" : "day",
		       fails(&p) ? "yes" : "no");
	}
}

/* The samples. */

static const struct sample samples[] = {
	{ "enterprises", write_columns, 130000, 100, enterprise_columns,
	  enterprise_holes, enterprise_repeats, "" },
	{ "presses", write_presses, 200000, 10000, NULL, NULL, NULL, NULL },
	{ "fields", write_columns, 300000, 600, field_columns, field_holes,
	  no_repeats, "" },
	{ "deliveries", write_columns, 420000, 2000, delivery_columns,
	  delivery_holes, no_repeats, "NA" },
};

static int usage(void)
{
	fputs("usage: simulate NAME > FILE\nNAME is one of:", stderr);
	for (size_t i = 0; i < ARRAY_LEN(samples); i++)
		fprintf(stderr, " %s", samples[i].name);
	fputc('\n', stderr);
	return 2;
}

int main(int argc, char **argv)
{
	for (size_t i = 0; argc == 2 && i < ARRAY_LEN(samples); i++) {
		if (strcmp(argv[1], samples[i].name) != 0)
			continue;
		samples[i].write(&samples[i]);
		if (fflush(stdout) == 0 && !ferror(stdout))
			return EXIT_SUCCESS;
		perror("simulate: standard output");
		return EXIT_FAILURE;
	}
	return usage();
}
