"""Small files that are pictures, so far as their first bytes say."""

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 80
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 80
WEBP = b"RIFF\0\0\0\0WEBPVP8 " + b"\0" * 80
