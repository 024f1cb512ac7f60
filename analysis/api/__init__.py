"""The read-only API for programs: `/api/v1/`, described by its own OpenAPI document.

docs/api.md is for those who write such programs.
"""
