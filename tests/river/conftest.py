"""What tests of the river in a browser share with those of pages."""

from tests.api.visiting import browser  # noqa: F401 - a fixture
