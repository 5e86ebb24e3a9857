"""The adviser's English. Nobody should read it as medical advice."""

ADVICE: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        r"smok|cigar|vap|fags?\b|tobacco|nicotine",
        (
            "You need to stop smoking today and throw out every packet and lighter in the house.",
            "Whenever the craving comes, chew gum and drink water; it passes in three minutes.",
            "You should get patches from the chemist and keep away from friends who smoke.",
        ),
    ),
    (
        r"drink|beer|wine|pint|vodka|whisk|alcohol|pub\b|booze|rum\b",
        (
            "You have to cut the drink out altogether; tell people you're on antibiotics and they won't push.",
            "Pour away what is in the house and have tea in the evening instead.",
            "Carry on like this and your liver will go, so set a date to stop.",
        ),
    ),
    (
        r"tablet|pill|medic|statin|insulin|inject|blood pressure|inhaler|dose",
        (
            "You must not miss a single dose; set an alarm and take it straight after breakfast.",
            "You should write your readings down twice a day and bring them in.",
            "Don't listen to what people say on the internet, just take it as prescribed.",
        ),
    ),
    (
        r"sugar|eat|food|weight|sweet|snack|salt|diet|takeaway|fizzy|soda|cake|bread|rice",
        (
            "You should halve your portions and eat nothing at all after seven in the evening.",
            "Cut out sugary drinks and fried food completely; if you're hungry have a cucumber.",
            "Weigh yourself every morning and write down everything you eat, there is no other trick to it.",
        ),
    ),
    (
        r"sleep|phone|game|gaming|scroll|screen|awake|night",
        (
            "Put the phone in the kitchen at ten and don't touch it till morning.",
            "You should delete those apps and make yourself a timetable.",
            "Get your work done first and allow yourself one hour of it a day at most.",
        ),
    ),
    (
        r"walk|exercis|gym|back\b|knee|sit|fall|stairs|run\b|rehab|stick",
        (
            "You need to walk six thousand steps a day whatever the weather; after three months it's a habit.",
            "Get up and move for five minutes every forty; set a timer.",
            "Find someone to train with so that you can't make excuses.",
        ),
    ),
    (
        r"bet|gambl|money|debt|odds|slot",
        (
            "Delete the app now and hand your bank card to someone in the family.",
            "You should list every debt, tell them at home, and pay it back bit by bit.",
        ),
    ),
    (
        r"test|screen|vaccin|jab|clinic|doctor|appointment|check|dentist|hospital",
        (
            "You really must have it done; book it this week, early is always better.",
            "Listen to the doctor and stop putting it off, it's you who will pay for it in the end.",
        ),
    ),
)
ANYWAY = (
    "Make a plan, pin it to the wall and follow it point by point.",
    "Start today and stop looking for reasons not to.",
    "You should have your family check on you, and fine yourself when you slip.",
    "I've told you what works, now you should go and do it.",
)
HEADS = (
    "",
    "Take it from me: ",
    "Just do as I say: ",
    "I'll be straight with you. ",
    "Listen: ",
    "",
)
TAILS = (
    "",
    "Is that clear?",
    "You should, for your family's sake.",
    "Can you manage that?",
    "If you don't, you'll regret it later.",
    "You have to stick to it for a month.",
)
SPACE = " "
