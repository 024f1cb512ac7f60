"""Power before there are data: by formula for each contrast, by simulation for all of it."""
