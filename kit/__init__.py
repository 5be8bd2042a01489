"""The ground floor: settings, storage, database, processes and time. Nothing here knows what a film is."""
