"""The machine of a question about wages as a table."""

from inmates.questions.enums import WageQuestionStatus as Status
from portal.kernel.states import Machine

# Asked for the name, the person gives it or keeps it; the officer may answer without it as well.
WAGE_QUESTION = Machine(
    {
        (Status.SENT, "take"): Status.TAKEN,
        (Status.TAKEN, "ask_name"): Status.NAME_ASKED,
        (Status.NAME_ASKED, "give_name"): Status.TAKEN,
        (Status.NAME_ASKED, "keep_name"): Status.TAKEN,
        (Status.TAKEN, "answer"): Status.ANSWERED,
        (Status.NAME_ASKED, "answer"): Status.ANSWERED,
        (Status.SENT, "withdraw"): Status.WITHDRAWN,
        (Status.TAKEN, "withdraw"): Status.WITHDRAWN,
        (Status.NAME_ASKED, "withdraw"): Status.WITHDRAWN,
    }
)
