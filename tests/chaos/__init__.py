"""The server killed while many write: `make chaos ROUNDS=20` tells whether anything that it had answered as saved is gone.

SIGKILL gives a process no chance to tidy up. What it had handed to the kernel is still there, so this says nothing of
a power cut: that the databases' own settings promise (see the README).
"""
