"""What leaves the house: the package, its measurements and its exports. Nothing here plans or renders."""
