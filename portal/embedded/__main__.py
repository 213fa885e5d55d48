"""`python -m portal.embedded start|status|stop`: the development servers by hand."""

import argparse
import sys

from portal import embedded


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m portal.embedded", description=embedded.__doc__)
    parser.add_argument("action", choices=["start", "status", "stop"])
    action = parser.parse_args().action
    try:
        if action == "start":
            embedded.ensure()
        elif action == "stop":
            embedded.stop()
        sys.stdout.write("\n".join(embedded.status()) + "\n")
    except embedded.EmbeddedError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
