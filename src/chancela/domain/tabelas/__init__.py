"""Reference tables as frozen values and the ports that look them up; pure."""
