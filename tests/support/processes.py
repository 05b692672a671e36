"""Processes of tests' own: forked from a server that has loaded what they use, and holds nothing that tests hold.

A process that is started anew loads the program first, for longer than most of them work. There is one server for
all tests of a run (`multiprocessing.forkserver`), so what it loads is named here once. A name that is not there
would be passed over in silence and every process would load all by itself: such a name is refused.
"""

import importlib.util
import multiprocessing

PRELOADED = [
    "tests.conftest",
    "tests.support.un_site",
    "tracker.maintenance.integrity",
    "tracker.scheduler",
    "tracker.storage.schema",
    "tracker.sync.sync",
]
PROCESSES = multiprocessing.get_context("forkserver")

assert all(importlib.util.find_spec(name) for name in PRELOADED)
PROCESSES.set_forkserver_preload(PRELOADED)
