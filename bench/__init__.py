"""Measurements of the project; nothing here is a test."""
