"""Whole journeys through the site and through the floor, so many at a time."""
