"""The files a newcomer meets first: what they promise is there."""

import json
import os
import re
import stat
import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


def text(name):
    return (CHECKOUT / name).read_text(encoding="utf-8")


def test_readme_begins_with_the_two_commands():
    commands = re.findall(r"^make \w+", text("README.md"), re.MULTILINE)
    assert commands[:2] == ["make run", "make test"]


@pytest.mark.parametrize("name", ["README.md", "SECURITY.md", "CONTRIBUTING.md"])
def test_front_documents_are_short_and_link_to_what_exists(name):
    content = text(name)
    assert len(content.splitlines()) <= 60
    for target in re.findall(r"\]\(([^)#]+)\)", content):
        assert (CHECKOUT / target).exists(), target


def test_licence_is_mit_of_the_contributors():
    assert text("LICENSE").startswith(
        "MIT License\n\nCopyright (c) 2026 The Sheberhana contributors"
    )


def test_lock_file_records_no_addresses_and_exact_versions():
    package, lock = json.loads(text("package.json")), json.loads(text("package-lock.json"))
    wanted = package["dependencies"] | package["devDependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    assert wanted["htmx.org"].startswith("2.0.")
    for name, entry in lock["packages"].items():
        assert "resolved" not in entry
        assert not name or entry["integrity"].startswith("sha512-")
    for name, version in wanted.items():
        assert lock["packages"][f"node_modules/{name}"]["version"] == version


def test_every_make_target_is_listed_by_make_alone():
    done = subprocess.run(
        ["make", "help"],  # noqa: S607 - whichever make the user has
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    listed = {line.split()[0] for line in done.stdout.splitlines()}
    assert listed >= {"setup", "run", "test", "ci", "bench", "seed", "lint", "fmt", "stop"}


@pytest.mark.parametrize("name", ["run", "step", "venv", "npm", "browser"])
def test_scripts_can_be_run_and_parse(name):
    path = CHECKOUT / ".ci" / name
    assert path.stat().st_mode & stat.S_IXUSR
    subprocess.run(["/bin/bash", "-n", path], check=True)  # noqa: S603 - our own script


def test_a_failing_step_is_named():
    step = CHECKOUT / ".ci" / "step"
    done = subprocess.run(  # noqa: S603 - our own script
        [step, "lint", "/bin/false"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "lint failed" in done.stderr


def test_no_python_is_told_in_a_sentence(tmp_path):
    checkout = tmp_path / "checkout"
    (checkout / ".ci").mkdir(parents=True)
    script = checkout / ".ci" / "venv"
    script.write_bytes((CHECKOUT / ".ci" / "venv").read_bytes())
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "dirname").symlink_to("/usr/bin/dirname")
    # A version manager's shim: there, and without the version behind it.
    shim = programs / "python3.12"
    shim.write_text("#!/bin/bash\nexit 127\n")
    shim.chmod(0o755)
    done = subprocess.run(  # noqa: S603 - our own script
        ["/bin/bash", script],
        env={"PATH": str(programs)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Python 3.11 or 3.12 is needed")


def test_procfile_runs_web_worker_and_beat_on_the_loopback_only():
    lines = dict(line.split(": ", 1) for line in text("Procfile").splitlines())
    assert list(lines) == ["web", "worker", "beat"]
    assert '--bind "127.0.0.1:$PORT"' in lines["web"]


def test_example_environment_sets_nothing_by_itself():
    lines = text(".env.example").splitlines()
    assert all(not line or line.startswith("#") for line in lines)
    assert os.linesep == "\n"
