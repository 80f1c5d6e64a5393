"""Understanding Chinese messages: graph components for Rasa and the pure functions behind them."""
