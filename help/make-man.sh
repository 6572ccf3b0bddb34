#!/bin/sh
# make-man.sh - the manual page from the help topics
#
#	sh help/make-man.sh HELPDIR [VERSION] > gemba.1
#
# A topic is a title line, a sentence, a synopsis indented by two blanks, and a
# body of sections.  index.txt says by its groups which topics are commands,
# rules and methods.  What a topic says is taken over as it is, without its
# examples and its "See also".
set -eu
help=${1:?usage: make-man.sh HELPDIR [VERSION]}
version=${2:-}

# The topics of a group of the index, one a line.
group() {
	awk -v group="$1" '
		/^$/ { on = 0 }
		on { print $1 }
		$0 == group { on = 1 }' "$help/index.txt"
}

# take WHAT TOPIC [SECTION] - a part of a topic as man macros: "sentence",
# "synopsis", "intro" (the body above its first section), "section" (the one
# of that name), "body" (all below the synopsis), or "topic" (all, below a
# heading of its own).
take() {
	awk -v what="$1" -v section="${3:-}" '
	# Plain characters, whatever the font or the device.
	function plain(s,   i, c, out) {
		out = ""
		for (i = 1; i <= length(s); i++) {
			c = substr(s, i, 1)
			out = out (c in named ? named[c] : c)
		}
		return out
	}
	function text(s) {
		s = plain(s)
		if (substr(s, 1, 1) == ".")
			s = "\\&" s
		print s
	}
	function indented(s) { return substr(s, 1, 2) == "  " }
	function deep(s) { return substr(s, 1, 6) == "      " }
	function heading(i) {
		return line[i - 1] == "" && line[i] != "" &&
			!indented(line[i]) && substr(line[i], 1, 2) != "- " &&
			line[i] !~ /[.:;,]$/ &&
			(line[i + 1] == "" || indented(line[i + 1]))
	}
	# Lists of a name and, below it and deeper, what it is.
	function lists(name) {
		return name ~ /^(Options|Files|Environment|Exit status)$/
	}
	function skipped(name) { return name ~ /^Example/ }
	function block(i) {
		print ".PP\n.nf"
		for (; i <= n && indented(line[i]); i++)
			text(line[i])
		print ".fi"
		return i - 1
	}
	function paragraph(i) {
		print ".PP"
		for (; i <= n && line[i] != ""; i++)
			text(line[i])
		return i - 1
	}
	function bullet(i) {
		print ".IP \\(bu 2"
		text(substr(line[i], 3))
		for (i++; i <= n && indented(line[i]); i++)
			text(substr(line[i], 3))
		return i - 1
	}
	function entry(i) {
		print ".TP"
		print ".B \"" plain(substr(line[i], 3)) "\""
		for (i++; i <= n && deep(line[i]); i++)
			text(substr(line[i], 7))
		return i - 1
	}
	function body(i, last, in_list) {
		for (; i <= last; i++) {
			if (line[i] == "")
				continue
			if (heading(i)) {
				in_list = lists(line[i])
				if (what != "section")
					print ".PP\n.I " plain(line[i])
			} else if (in_list && indented(line[i])) {
				i = entry(i)
			} else if (indented(line[i])) {
				i = block(i)
			} else if (substr(line[i], 1, 2) == "- ") {
				i = bullet(i)
			} else {
				i = paragraph(i)
			}
		}
	}
	# The line before the next heading from i on, or the last.
	function end_of(i) {
		while (i <= n && !heading(i) && line[i] !~ /^See also: /)
			i++
		return i - 1
	}
	function all_sections(i,   last) {
		for (i++; i <= n; i = last + 1) {
			if (line[i] ~ /^See also: /)
				return
			last = end_of(i + 1)
			if (!skipped(line[i]))
				body(i, last, 0)
		}
	}
	BEGIN {
		named["\\"] = "\\e"; named["-"] = "\\-"
		named["\047"] = "\\(aq"; named["\""] = "\\(dq"
		named["`"] = "\\(ga"
		named["^"] = "\\(ha"; named["~"] = "\\(ti"
	}
	{ line[++n] = $0 }
	END {
		line[0] = ""
		for (first = 3; line[first + 1] != ""; first++)
			;
		use = use_end = first + 2
		while (indented(line[use_end]))
			use_end++
		intro_end = end_of(use_end)
		if (what == "sentence") {
			for (i = 3; i <= first; i++)
				text(line[i])
		} else if (what == "synopsis") {
			print ".nf"
			for (i = use; i < use_end; i++)
				print ".B " plain(substr(line[i], 3))
			print ".fi"
		} else if (what == "intro") {
			body(use_end, intro_end, 0)
		} else if (what == "body") {
			body(use_end, intro_end, 0)
			all_sections(intro_end)
		} else if (what == "topic") {
			print ".SS " plain(line[1])
			print ".nf"
			for (i = use; i < use_end; i++)
				print ".B \"" plain(substr(line[i], 3)) "\""
			print ".fi"
			body(3, first, 0)
			body(use_end, intro_end, 0)
			all_sections(intro_end)
		} else {
			for (i = use_end; i <= n; i++)
				if (heading(i) && line[i] == section)
					body(i + 1, end_of(i + 1),
					     lists(section))
		}
	}' "$help/$2.txt"
}

topics() {
	for topic in $(group "$1"); do
		[ ! -f "$help/$topic.txt" ] || take topic "$topic"
	done
}

echo ".TH GEMBA 1 \"\" \"gemba${version:+ $version}\" \"User Commands\""
echo .SH NAME
echo 'gemba \- workbench for plant data in the terminal'
echo .SH SYNOPSIS
take synopsis command-line
echo .SH DESCRIPTION
take sentence index
take intro index
take intro command-line
echo .SH OPTIONS
take section command-line Options
echo .SH COMMANDS
take sentence recipes
take intro recipes
topics Commands
topics 'On the screen'
echo .SH KEYS
take sentence keys
take body keys
echo .SH RULES
topics Rules
echo .SH METHODS
topics Methods
echo .SH FILES
take sentence files
take intro files
take section files Files
echo .SH ENVIRONMENT
take section files Environment
echo '.SH EXIT STATUS'
take section command-line 'Exit status'
echo .SH EXAMPLES
echo 'Recipes stand beside the samples; shell commands begin with $.'
take section recipes Example
take section command-line Example
echo '.SH SEE ALSO'
echo 'More is told by'
echo '.B gemba help'
echo 'with one of these topics:'
{ group 'Using gemba'; group 'How it works'; } |
	sed '$!s/$/,/; $s/$/./; s/-/\\-/g'
