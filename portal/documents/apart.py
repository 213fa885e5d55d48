"""A long document set in a process of its own, which ends with it.

The setter keeps what it has set for the next time: a thousand payslips leave 200 MB in a worker
that lives for days. Called by render.py; that process runs this file alone, nothing of the portal
is imported here.
"""

import json
import subprocess
import sys
from typing import Any

import typst

# A file of a thousand payslips is set in three seconds; the rest is for a machine that is busy.
WAIT_SECONDS = 300


class SettingFailed(Exception):
    """What the setter says about it."""


def set_apart(order: dict[str, Any]) -> bytes:
    """The PDF of an order as `set_pdf` takes it; `SettingFailed` with the cause."""
    try:
        done = subprocess.run(  # noqa: S603 - our own file, no shell
            [sys.executable, "-I", __file__],
            input=json.dumps(order, ensure_ascii=False).encode(),
            capture_output=True,
            timeout=WAIT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise SettingFailed("the setter took too long") from error
    if done.returncode:
        raise SettingFailed(done.stderr.decode(errors="replace")[-1000:])
    return done.stdout


# --- In the process of its own ---
def set_pdf(order: dict[str, Any]) -> bytes:
    """The order names the template, its folder, the folders of fonts, the data and the PDF."""
    compiler = typst.Compiler(
        order["template"],
        root=order["root"],
        font_paths=typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=order["fonts"]
        ),
        ignore_system_fonts=True,
        sys_inputs={"data": order["data"]},
    )
    pdf, warnings = compiler.compile_with_warnings(format="pdf", **order["pdf"])
    if warnings:
        raise SettingFailed("; ".join(warning.message for warning in warnings))
    if not isinstance(pdf, bytes):
        raise SettingFailed("no PDF")
    return pdf


def main() -> int:
    """Read the order, write the PDF; what went wrong to the other stream."""
    try:
        sys.stdout.buffer.write(set_pdf(json.loads(sys.stdin.buffer.read())))
    except (typst.TypstError, SettingFailed) as error:
        sys.stderr.write(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
