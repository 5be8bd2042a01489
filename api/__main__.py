"""`python -m api`: the command line, for child processes that must run in this very environment."""

from api.cli import main

if __name__ == "__main__":
    main()
