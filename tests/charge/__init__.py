"""The portal under load: real servers, many clients at once, and what `make bench` measures."""
