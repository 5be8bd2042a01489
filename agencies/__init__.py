"""Who makes the Promise: agencies and its locked wording. Nothing here knows about footage or films."""
