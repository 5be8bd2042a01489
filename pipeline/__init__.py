"""The order of steps and the state of jobs. Nothing here knows the craft of film; it calls those that do."""
