"""The study language: from TOML to a model that has been read, resolved and checked."""
