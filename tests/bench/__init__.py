"""What things cost on the machine at hand: `make bench` prints a table and writes var/bench.json.

A row is measured beside its floor in the same run, round by round, so that a busy machine slows both. The
code of a floor is the least that could do the job; it stands beside its row. Nothing here is asserted.
"""
