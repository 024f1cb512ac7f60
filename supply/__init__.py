"""What the site is made of that others wrote: its list, and what is known against it."""
