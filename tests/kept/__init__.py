"""Databases as they were when their version of Sporra was the present one: `<day>.sqlite.xz`, with the SHA-256 of
every signed file beside it in `<day>.json`. Never made anew: every later Sporra must still serve them.

`python -m tests.kept` adds one of today.
"""
