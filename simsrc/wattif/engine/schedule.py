"""Run tasks on threads and collect their results in order; the kernels hold no lock on Python."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Generic, NamedTuple, TypeVar

Result = TypeVar("Result")
Memory = TypeVar("Memory")

AHEAD = 2  # tasks a thread may have waiting; more would only hold memory


class Task(NamedTuple):
    """A piece of a run: some draws of one replicate, from index ``first`` on."""

    replicate: int
    segment: int
    first: int
    draws: int


class Schedule:
    """In which order tasks start. Results do not depend on it, and a test may say so."""

    def order(self, tasks: Iterable[Task]) -> Iterable[Task]:
        """Return the tasks in the order in which they are to start."""
        return tasks

    def begin(self, task: Task) -> None:
        """Do what has to be done before a task starts, on its thread: nothing."""


class Shelf(Generic[Memory]):
    """Memory that tasks hand on to each other: as much of it as there are tasks at one time."""

    def __init__(self, make: Callable[[], Memory]) -> None:
        self._make = make
        self._idle: list[Memory] = []

    @contextmanager
    def borrow(self) -> Iterator[Memory]:
        """Lend some memory, new or used, as it was left."""
        try:
            memory = self._idle.pop()  # a list is safe between threads
        except IndexError:
            memory = self._make()
        yield memory
        self._idle.append(memory)


def available_threads() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run_tasks(
    tasks: Iterable[Task],
    work: Callable[[Task], Result],
    collect: Callable[[Task, Result], None],
    threads: int,
    schedule: Schedule,
) -> None:
    """Call ``work`` for every task on a thread, and ``collect`` with each result on this one.

    Results are collected in the order in which tasks started. Few tasks are under way at a time, so
    that memory does not grow with their number; if anything is raised, the others are dropped.
    """

    def start(task: Task) -> Result:
        schedule.begin(task)
        return work(task)

    under_way: deque[tuple[Task, Future[Result]]] = deque()
    executor = ThreadPoolExecutor(threads, thread_name_prefix="wattif")
    try:
        for task in schedule.order(tasks):
            under_way.append((task, executor.submit(start, task)))
            if len(under_way) > AHEAD * threads:
                oldest, future = under_way.popleft()
                collect(oldest, future.result())
        while under_way:
            oldest, future = under_way.popleft()
            collect(oldest, future.result())
    finally:
        executor.shutdown(cancel_futures=True)
