"""`python -m refundbot` is the `refundbot` command."""

from refundbot.cli import main

main()
