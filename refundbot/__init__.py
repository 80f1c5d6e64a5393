"""The Chinese refund-support bot: orders, identity, gateway, console and Rasa components."""

import os

# Set before Rasa, Alembic or anything else pulls SQLAlchemy in: we write 2.0-style code on
# purpose on 1.4 (Rasa's limit), and its migration notice is noise for the operator.
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
