"""The reference console: demo pages in place of a vendor's own, with the help widget docked."""
