"""Clock, ids, randomness and text: ports that know no fiscal word."""
