"""`python -m refund_core` is the `refund-core` command."""

from refund_core.cli import main

main()
