"""The doors: HTTP, web pages and the command line. Nothing here knows how a film is made."""
