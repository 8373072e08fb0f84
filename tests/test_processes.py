"""Work for several processes: all of it is done, once, and what goes wrong is said.

The processes are started from a fresh one, as they never are where other threads run.
"""

import os
import subprocess
import sys

import pytest

from conftest import ROOT
from wartimeline.processes import spread

SPREAD = """
import os
from wartimeline.processes import spread

square = lambda n: (n * n, os.getpid())  # which cannot be pickled
made = sorted(spread(square, range({length})))
assert [(i, value) for i, (value, _) in made] == [(n, n * n) for n in range({length})]
processes = {{process for _, (_, process) in made}}
print(os.getpid() in processes, len(processes))
"""

FAILING = """
from wartimeline.processes import spread

print(list(spread(lambda n: 1 // (n - {failing}), range(1000))))
"""

ENDED = """
import os, signal
from wartimeline.processes import spread

here = os.getpid()

def make(n):
    if n == {last} and os.getpid() != here:
        os.kill(os.getpid(), signal.SIGKILL)  # as a system short of memory does
    return n

made = sorted(spread(make, range(1000)))
assert made == [(n, n) for n in range(1000)]
"""

several_cores = pytest.mark.skipif(
    sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2,
    reason="there is one core, or processes cannot be forked",
)


def run_code(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT / "hooks", capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


@pytest.mark.parametrize("length", [0, 1, 299])
def test_a_little_is_made_here(length: int) -> None:
    assert list(spread(str, range(length))) == [(n, str(n)) for n in range(length)]


@several_cores
@pytest.mark.parametrize("length", [300, 301, 1999])
def test_much_is_made_here_and_elsewhere(length: int) -> None:
    done = run_code(SPREAD.format(length=length))
    assert done.stderr == ""
    is_here, processes = done.stdout.split()
    assert int(processes) in range(1 if is_here == "True" else 2, len(os.sched_getaffinity(0)) + 1)


@several_cores
@pytest.mark.parametrize("last", [0, 70])
def test_what_an_ended_process_had_to_make_is_made_here(last: int) -> None:
    done = run_code(ENDED.format(last=last))
    assert (done.returncode, done.stderr) == (0, "")


@several_cores
@pytest.mark.parametrize("failing", [0, 999])
def test_what_fails_is_said_wherever_it_is_made(failing: int) -> None:
    done = run_code(FAILING.format(failing=failing))
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("ZeroDivisionError")
    assert done.stdout == ""
