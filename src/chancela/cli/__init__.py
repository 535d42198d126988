"""Commands for people: data on stdout, words on stderr, `--json` and documented exit codes everywhere."""
