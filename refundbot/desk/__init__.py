"""People who help customers: tickets, who waits how long, and the desk they are worked at."""
