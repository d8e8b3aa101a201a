"""Allocations over HTTP."""
