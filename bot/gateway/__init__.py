"""The gateway: what the outside reaches over HTTP, and the way to the dialogue engine."""
