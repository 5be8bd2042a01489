"""What an agency sends: probing, judging, measuring and conforming footage. Nothing here knows a timeline."""
