"""The `run` command before it starts anything, and how it passes signals on."""

import os
import signal
import socket
import subprocess
import sys
import time
from io import StringIO

import pytest
from django.core.management.base import CommandError

from portal.demo.management.commands import run

STOPPING = """
import os, signal
from portal.demo.management.commands import run
with run.stop_asked_for():
    os.kill(os.getpid(), signal.{name})
    print("not reached")
os.kill(os.getpid(), signal.SIGINT)  # impatience is ignored while the servers end
print("ended in order")
"""


def test_chosen_port_is_8000_unless_told(monkeypatch):
    monkeypatch.setattr(socket.socket, "bind", lambda self, address: None)
    monkeypatch.delenv("PORT", raising=False)
    assert run.chosen_port() == 8000
    monkeypatch.setenv("PORT", "8765")
    assert run.chosen_port() == 8765


@pytest.mark.parametrize("text", ["eight", "0", "-1", "65536", "80.5", "8000 "])
def test_chosen_port_refuses_what_is_no_port(monkeypatch, text):
    monkeypatch.setenv("PORT", text)
    with pytest.raises(CommandError, match="PORT must be a number"):
        run.chosen_port()


def test_chosen_port_refuses_a_taken_one(monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("PORT", str(taken.getsockname()[1]))
        with pytest.raises(CommandError, match="already in use"):
            run.chosen_port()


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_every_way_of_stopping_is_orderly(name):
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", STOPPING.format(name=name)],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings_test"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "ended in order\n", done.stderr
    assert done.returncode == 0


class SlowProcess:
    """What honcho is to the command: it ends when asked, or only when killed."""

    def __init__(self, *, obeys):
        self.obeys, self.asked, self.pid = obeys, [], 4_000_000

    def wait(self, timeout=None):
        if not self.asked:
            raise run.StopAsked
        if timeout and not self.obeys:
            raise subprocess.TimeoutExpired("honcho", timeout)
        return -15

    def terminate(self):
        self.asked.append(signal.SIGTERM)


KILLED = """
import os, signal, subprocess, sys
from portal.demo.management.commands import run
parent = os.getpid()
child = subprocess.Popen(["sleep", "60"], preexec_fn=lambda: run.end_with(parent))
print(child.pid, flush=True)
os.kill(parent, signal.SIGKILL)
"""


def is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:  # noqa: PTH123 - a file of the kernel
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_killed_the_hard_way_it_leaves_no_process_behind():
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", KILLED],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings_test"},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    pid = int(done.stdout)
    end = time.monotonic() + 5
    while is_alive(pid) and time.monotonic() < end:
        time.sleep(0.05)
    assert not is_alive(pid)


def test_a_child_whose_parent_died_first_ends_at_once():
    done = subprocess.run(
        [sys.executable, "-c", "from portal.demo.management.commands import run; run.end_with(-1)"],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings_test"},
        check=False,
    )
    assert done.returncode == -signal.SIGTERM


@pytest.mark.parametrize("obeys", [True, False])
def test_processes_are_asked_and_then_killed(monkeypatch, obeys):
    process, killed = SlowProcess(obeys=obeys), []
    monkeypatch.setattr(run.subprocess, "Popen", lambda *_args, **_options: process)
    monkeypatch.setattr(run.os, "killpg", lambda group, number: killed.append((group, number)))
    assert run.run_processes(8000) == 0
    assert process.asked == [signal.SIGTERM]
    assert killed == ([] if obeys else [(process.pid, signal.SIGKILL)])


def test_processes_get_their_programs_data_and_port(monkeypatch, tmp_path):
    monkeypatch.setenv("PORTAL_DATA", str(tmp_path))
    seen = {}

    class Ended:
        def __init__(self, command, **options):
            seen.update(options, command=command)

        def wait(self):
            return 3

    monkeypatch.setattr(run.subprocess, "Popen", Ended)
    assert run.run_processes(8123) == 3
    assert seen["command"][-2:] == ["--port", "8123"]
    assert seen["env"]["PORTAL_DATA"] == str(tmp_path)
    assert seen["env"]["PATH"].startswith(os.path.dirname(sys.executable))  # noqa: PTH120 - as text


def test_accounts_are_printed_one_a_line_parted_by_tabs(monkeypatch):
    def call_command(*_words, stdout):
        stdout.write("buyer\tbuyer@demo.example\tone\naccountant\tpay@demo.example\ttwo\n")

    monkeypatch.setattr(run, "call_command", call_command)
    out = StringIO()
    run.Command(stdout=out).greet(8000)
    lines = out.getvalue().splitlines()
    assert "buyer\tbuyer@demo.example\tone" in lines
    assert "accountant\tpay@demo.example\ttwo" in lines


def test_an_interrupted_filling_is_done_again(monkeypatch, tmp_path):
    monkeypatch.setenv("PORTAL_DATA", str(tmp_path))
    called = []

    def call_command(name, *_words, **_options):
        called.append(name)
        if called.count("seed") == 1 and name == "seed":
            raise run.StopAsked

    class Users:
        class objects:  # noqa: N801 - stands for a manager
            exists = staticmethod(lambda: "seed" in called)

    monkeypatch.setattr(run, "call_command", call_command)
    monkeypatch.setattr(run, "get_user_model", lambda: Users)
    command = run.Command(stdout=StringIO())
    with pytest.raises(run.StopAsked):
        command.prepare()
    command.prepare()
    command.prepare()
    assert called == ["migrate", "seed", "migrate", "seed", "migrate"]
