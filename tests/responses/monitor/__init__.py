"""The monitor's parts."""
