"""`python -m icreport` is the `icreport` command."""

from icreport.cli import main

if __name__ == "__main__":
    main()
