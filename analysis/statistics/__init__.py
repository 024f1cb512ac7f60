"""PURE: arrays in, frozen dataclasses out; one file per family of estimates."""
