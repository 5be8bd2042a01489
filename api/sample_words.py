"""What the sample footage says: plain sentences for people who do not exist, as data."""

LEADER = (
    "Good morning, and thank you for watching.",
    "I have worn this uniform for twenty-two years.",
    "In that time I have learned what people ask of us.",
    "They want to be safe, and they want to be heard.",
    "Both of those things matter every single day.",
    "So we started with a simple question.",
    "What can every officer promise, and then keep?",
    "We talked about it at roll call and at home.",
    "We asked our neighbors, and we listened first.",
    "The answer was shorter than I expected.",
    "We will do our best to control crime.",
    "And we will do no harm while we do it.",
    "That is the promise we are making today.",
    "Hold us to it, and please help us keep it.",
)

OFFICERS = (
    "Most of my shift is talking with people.",
    "A door knock can be the start of something good.",
    "I know the shop owners here by their first names.",
    "When a call goes badly, we sit down afterwards.",
    "We ask what we could have done another way.",
    "That habit has made me a better officer.",
    "I am proud to put my name to this promise.",
    "My partner and I will keep it together.",
)

COMMUNITY = (
    "I have lived on this street for thirty years.",
    "I remember when nobody here waved at a patrol car.",
    "Now the officers stop, and they ask how we are.",
    "My children know them from the ball field.",
    "Trust did not come back in a single day.",
    "It came back one small visit at a time.",
    "A promise in public means that we can answer.",
    "We will be watching, and we will be helping.",
)
