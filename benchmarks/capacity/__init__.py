"""What a site carries and needs, reckoned from what one participant was measured to cost."""
