"""What customers liked and what was not understood, kept for whoever teaches the bot."""
