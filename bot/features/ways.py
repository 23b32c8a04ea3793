"""Where the buttons of a feature lead beyond what it may import; the registry is refused where no command is there."""

from bot.core.way import Way

ASK = Way("ask", ("question",))
CONSULT = Way("consult", ("question",))
CHECKIN = Way("checkin", ("unit",))
AMEND = Way("amend", ("id",))
MOVE = Way("move", ("id",))
RETRACT = Way("retract", ("id",))
SHARE = Way("share", ("id",))
COHORT_CHECK = Way("cohort check")
COHORT_CREATE = Way("cohort create", ("channel",))
COHORT_STATUS = Way("cohort status")
DOCTOR = Way("doctor")
HELP = Way("help")
JOIN = Way("join")
KEPT = Way("kept")
LEADERBOARD = Way("leaderboard")
MUTE = Way("mute", ("unit",))
POSTNOW = Way("postnow", ("unit",))
PREVIEW = Way("preview")
PROGRESS = Way("progress")
REMIND = Way("remind", ("on",))
REPORT = Way("report")
ROADMAP = Way("roadmap")
TOPIC = Way("topic", ("unit",))

WAYS = tuple(one for one in list(globals().values()) if isinstance(one, Way))
