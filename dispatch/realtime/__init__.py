"""Real time: one WebSocket protocol for all faces."""
