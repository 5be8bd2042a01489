"""What an agency sends: probing, judging, measuring and conforming footage. Nothing here knows storyboards or timelines."""
