"""The doors: HTTP, web pages and the command line. Nothing below may import from here."""
