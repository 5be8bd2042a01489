"""The HTTP routes, one module a resource: they read a request, call one use-case, and answer."""
