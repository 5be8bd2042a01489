"""The web pages: server-rendered, plain, and nothing from elsewhere. They call the use-cases as the routes do."""
