"""The only public door: identity, inbox, rate limits, and the way to Rasa and back."""
