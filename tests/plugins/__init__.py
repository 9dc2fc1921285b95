"""Tests of what runs plugins: the host, its boundaries and its commands."""
