"""`python -m filmgate` is the same as `filmgate`."""

from filmgate.cli.main import main

main()
