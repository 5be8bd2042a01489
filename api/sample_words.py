"""What the sample footage says: plain sentences for people who do not exist, as data."""

LEADER = (
    "Good morning, and thank you for watching.",
    "I have worn this uniform for twenty-two years.",
    "People want to be safe, and they want to be heard.",
    "So we started with a simple question.",
    "What can every officer promise, and then keep?",
    "We asked our neighbors, and we listened first.",
    "We will do our best to control crime.",
    "And we will do no harm while we do it.",
    "That is the promise we are making today.",
    "Hold us to it, and please help us keep it.",
)

OFFICERS = (
    "Most of my shift is talking with people.",
    "A door knock can be the start of something good.",
    "When a call goes badly, we sit down afterwards.",
    "I am proud to put my name to this promise.",
)

COMMUNITY = (
    "I have lived on this street for thirty years.",
    "Now the officers stop, and they ask how we are.",
    "Trust came back one small visit at a time.",
    "A promise in public means that we can answer.",
    "We will be watching, and we will be helping.",
)
