"""What a message names: orders, products, times, sums, durations, a place in a list.

One module a kind, each with a pure ``find`` function; `extractor` is the graph component that
runs them in order and settles which of two overlapping readings stands.
"""
