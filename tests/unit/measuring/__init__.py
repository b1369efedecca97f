"""Tests of bot/measuring."""
