"""Makes a virtual environment that runs Chargekey from this very tree.

Rules of this room:

1. Only the standard library: this runs before anything is installed.
2. Nothing is built. A build backend would be one more download that no lock file pins; a path file and a
   launcher of a few lines do what an editable install does.
"""

import sys
import venv
from pathlib import Path

TREE = Path(__file__).resolve().parent.parent

LAUNCHER = """\
#!{python}
import sys

from chargekey.app import main

sys.exit(main())
"""


def link(environment: Path) -> None:
    """Let the environment import from `src`, and put the `chargekey` command beside its Python."""
    (packages,) = (environment / "lib").glob("python3.*/site-packages")
    (packages / "chargekey_tree.pth").write_text(f"{TREE / 'src'}\n", encoding="utf-8")
    command = environment / "bin" / "chargekey"
    command.write_text(LAUNCHER.format(python=environment / "bin" / "python"), encoding="utf-8")
    command.chmod(0o755)


def main(environment: Path) -> None:
    """Make the environment if it is not there; link the tree in any case."""
    if not (environment / "bin" / "python").exists():
        venv.create(environment, with_pip=True)
    link(environment)


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute())
