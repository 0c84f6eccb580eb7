"""What is printed, and how."""

from __future__ import annotations

from rich.progress import Progress

from wattif.cli.terminal import _Passes


def test_a_bar_never_jumps_back_within_a_pass_and_starts_anew_with_the_next() -> None:
    progress = Progress(disable=True)
    passes = _Passes(progress, progress.add_task("run", total=None))
    seen = []
    for done, total in [(256, 1024), (1024, 1024), (1280, 2048), (2048, 2048), (2560, 3072)]:
        passes.update(done, total)
        (task,) = progress.tasks
        seen.append((task.completed, task.total))
    assert seen == [(256, 1024), (1024, 1024), (256, 1024), (1024, 1024), (512, 1024)]
