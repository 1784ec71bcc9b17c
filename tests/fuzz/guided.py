"""Lets atheris look for input that no seed leads to: `python tests/fuzz/guided.py TARGET [options of libFuzzer] [FOLDER…]`.

A target is one of `targets.TARGETS`; what finds new paths is kept in the first folder (else nowhere). atheris learns from the branches of
our own modules, so that it comes to write documents by itself.
"""

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["icreport"]):
    sys.path.insert(0, str(Path(__file__).parent))
    from targets import TARGETS

CORPUS = Path(__file__).parents[1] / "corpus"


def main():
    name, *arguments = sys.argv[1:] or [""]
    if name not in TARGETS:
        sys.exit(f"usage: guided.py {{{','.join(TARGETS)}}} [options of libFuzzer] [FOLDER…]")
    seeds = CORPUS / (name if (CORPUS / name).is_dir() else "report")
    # What is found goes into the first folder that is named: never among the seeds.
    found = [] if any(not argument.startswith("-") for argument in arguments) else [tempfile.mkdtemp()]
    options = [sys.argv[0], "-timeout=10", "-rss_limit_mb=2048", *arguments, *found, str(seeds)]
    atheris.Setup(options, TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
