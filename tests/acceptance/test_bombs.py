"""Small inputs that ask for much time or memory, met in a process of its own, on a ration."""

from __future__ import annotations

import json
import re
import subprocess

import h5netcdf
import numpy as np
import pytest

import wattif as wi
from wattif.cli import main

SECONDS = 120  # for all of them: a hang, not a slow machine
MEMORY = 500 * 2**20  # beyond what the program itself needs

# Calls the command line once for each line of stdin and writes a line of JSON for each: exit code,
# output, and by how much the peak of memory grew over that of an ordinary check.
SERVANT = """
import contextlib, io, json, resource, sys
from wattif.cli import main

resource.setrlimit(resource.RLIMIT_AS, (2**32, resource.RLIM_INFINITY))  # spares the machine

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

def call(arguments):
    output = io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        code = main(arguments)
    return code, output.getvalue(), peak() - before

before = 0
call(["check", "plain.toml"])
before = peak()
for line in sys.stdin:
    print(json.dumps(call(json.loads(line))), flush=True)
"""


def serve(start, folder, calls):
    """Return (exit code, output, growth) of each call of wattif, all made by one new process."""
    (folder / "plain.toml").write_text(PLAIN)
    process = start(["-c", SERVANT], folder)
    try:
        out, err = process.communicate("\n".join(map(json.dumps, calls)), timeout=SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        done = len(process.communicate()[0].splitlines())
        pytest.fail(f"wattif {' '.join(calls[done])} hangs")
    assert process.returncode == 0, err
    return [json.loads(line) for line in out.splitlines()]


def formula(text):
    return f'[quantities]\nx = 1\ny = {{ formula = "{text}" }}\n'


def doublings(count):
    lines = [f'y{i} = {{ formula = "y{i - 1} + y{i - 1}" }}' for i in range(1, count + 1)]
    return "[quantities]\ny0 = { dist = 'uniform', min = 1, max = 2 }\n" + "\n".join(lines)


PLAIN = formula("1")

# name -> (study, what the refusal says, harmless twin)
REFUSED = {
    "int_digits": (formula("9" * 5000), "at most", formula("9" * 300)),
    "deep_paren": (formula("(" * 5000 + "1" + ")" * 5000), "at most", formula("((((1))))")),
    "deep_unary": (formula("-" * 9000 + "1"), "deep|at most", formula("----1")),
    "long_unary": (formula("-" * 20000 + "1"), "deep|at most", formula("----1")),
    "long_sum": (formula("+".join("x" * 50000)), "at most", formula("+".join("x" * 90))),
    "wide_call": (formula(f"max({','.join('x' * 50000)})"), "at most", formula("max(x, x, x)")),
    "float_exp": (formula("1e999999999"), "finite|large|range", formula("1e99")),
    "nested_arrays": ("a = " + "[" * 50000 + "]" * 50000, "deep|nest", f"title = 'a'\n{PLAIN}"),
    "nested_tables": ("a = " + "{a=" * 5000 + "1" + "}" * 5000, "deep|nest", PLAIN),
    "dotted_key": (".".join("a" * 20000) + " = 1", "deep|nest|parts|dotted", PLAIN),
    "big_int": ("n = " + "9" * 5000, "digits|large|whole|integer", f"[run]\nseed = 9\n{PLAIN}"),
    "empty": ("", "empty|no quantit|nothing", PLAIN),
    "utf16": ("\ufeffa = 1".encode("utf-16"), "utf-8|encod", PLAIN),
    "latin1": ("title = 'é'\n".encode("latin-1"), "utf-8|encod", f"title = 'é'\n{PLAIN}"),
    "huge": (
        "#" + "x" * 20_000_000 + "\n" + PLAIN,
        "large|MB|MiB|bytes",
        f"#{'x' * 10_000}\n{PLAIN}",
    ),
}


BY_VALUE = {
    "doublings": doublings(60),
    "pow_tower": formula("9**9**9**9"),
    "pow_mem": formula("2**(2**33)"),
}


def write(path, text):
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


@pytest.fixture(scope="module")
def verdicts(start, tmp_path_factory):
    """Return what ``wattif check`` says of every bomb: exit code, output, growth."""
    folder = tmp_path_factory.mktemp("bombs")
    studies = {name: study for name, (study, _, _) in REFUSED.items()} | BY_VALUE
    for name, study in studies.items():
        write(folder / f"{name}.toml", study)
    with open(folder / "hole.toml", "wb") as file:
        file.write(b"#")
        file.truncate(2**33)  # 8 GiB that take no place
    names = [*studies, "hole"]
    before = sorted(path.name for path in folder.iterdir())
    found = serve(start, folder, [["check", f"{name}.toml"] for name in names])
    assert sorted(path.name for path in folder.iterdir()) == sorted([*before, "plain.toml"])
    return dict(zip(names, found, strict=True))


def assert_rationed(output, growth):
    assert "Traceback" not in output
    assert "fault of wattif" not in output
    assert growth < MEMORY
    assert len(output) < 10_000  # the message is not the bomb


@pytest.mark.parametrize("bomb", REFUSED)
def test_bomb_is_refused(bomb, verdicts):
    code, output, growth = verdicts[bomb]
    assert_rationed(output, growth)
    assert code == 2, output
    assert re.search(REFUSED[bomb][1], output, re.IGNORECASE), output


@pytest.mark.parametrize("bomb", REFUSED)
def test_harmless_twin_is_accepted(bomb, tmp_path, capfd):
    write(tmp_path / "twin.toml", REFUSED[bomb][2])
    assert main(["check", str(tmp_path / "twin.toml")]) == 0, capfd.readouterr()


def test_a_file_too_large_to_read_is_not_read(verdicts):
    code, output, growth = verdicts["hole"]
    assert_rationed(output, growth)
    assert code == 2
    assert "MB" in output


@pytest.mark.parametrize("tower", ["pow_tower", "pow_mem"])
def test_powers_are_of_floats(tower, verdicts):
    code, output, growth = verdicts[tower]
    assert_rationed(output, growth)
    assert code == 2
    assert "infinite in floating-point" in output


def test_sixty_doublings_are_sixty_operations(verdicts, tmp_path):
    """Written out in full the last formula would have 2^60 terms."""
    code, output, growth = verdicts["doublings"]
    assert_rationed(output, growth)
    assert code == 0, output
    tree = wi.load(write_study(tmp_path, BY_VALUE["doublings"])).run(draws=256)
    # Percentiles are solved for, each on its own; moments and draws are doubled exactly.
    np.testing.assert_allclose(tree["summary"]["y60"] / 2.0**59, tree["summary"]["y1"], rtol=1e-9)
    assert np.array_equal(tree["prior"]["y60"] / 2.0**59, tree["prior"]["y1"])


def write_study(folder, text):
    write(folder / "study.toml", text)
    return folder / "study.toml"


def bomb_result(path, size):
    """Write a few kilobytes that look like a result and promise ``size`` numbers."""
    with h5netcdf.File(path, "w") as file:
        file.attrs["format_version"] = 1
        file.attrs["name"] = "study"
        summary = file.create_group("summary")
        summary.dimensions = {"system": 1, "statistic": size}
        summary.create_variable("x", ("system", "statistic"), "f8", chunks=(1, 1024))


@pytest.mark.parametrize("size", [2**28, 2**40])
def test_a_result_that_promises_too_much_is_refused(size, start, tmp_path):
    bomb_result(tmp_path / "bomb.nc", size)
    assert (tmp_path / "bomb.nc").stat().st_size < 100_000
    ((code, output, growth),) = serve(start, tmp_path, [["plot", "bomb.nc"]])
    assert_rationed(output, growth)
    assert code == 2
    assert re.search("large|size|memory|GB|GiB|not a result", output)
