"""The demo's city: simulated people who use the centre through its public API, as anybody would."""
