"""The preview: every page as a participant sees it, walked through with nothing stored."""
