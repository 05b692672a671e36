"""Looking after a running tracker: backup and copy, integrity checks, health of the jobs, retention."""
