"""The refund application flow: for now, the links that lead into it."""
