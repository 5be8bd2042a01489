"""What a film should be: templates of beats, slots and cards. Nothing here knows footage or rendering."""
