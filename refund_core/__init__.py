"""The shared refund rule core: facts in, decision out."""
