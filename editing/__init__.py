"""How a film is cut: planning a timeline and rendering it. Nothing here knows jobs, queues or HTTP."""
