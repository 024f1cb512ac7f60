"""`make lighthouse`: participants' pages as a phone on a slow line sees them."""
