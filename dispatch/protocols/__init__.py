"""Protocols: versioned question trees that turn answers into priority, response plan and instructions."""
