"""Which tone a status code has and which drawn sign goes with it.

Read by the filters of `portal_status`, which the components use. The tone hangs on the code and
never on its translation; a test asks every status of every model to stand here.
"""

# ok: done and good; warn: somebody has to act; bad: refused or broken; info: under way;
# quiet: not begun, or closed without any trouble.
TONES = {
    "ok": (
        "accepted", "agreed", "approved", "calculated", "closed", "completed", "confirmed",
        "delivered", "done", "finished", "paid", "posted", "ready", "succeeded", "active",
        "present", "worked", "valid", "final", "locked",
        "awarded", "won", "applied", "in_force", "told", "answered",
    ),
    "warn": (
        "awaiting", "incomplete", "late", "paused", "reported", "requested", "returned", "sent",
        "silent", "submitted", "proposed", "suspended", "waiting", "checked", "name_asked",
    ),
    "bad": ("declined", "defective", "down", "error", "failed", "refused", "rejected", "broken"),
    "info": (
        "calculating",
        "posting", "enqueued", "in_production", "in_progress", "open", "planned", "queued",
        "published", "released", "running", "started", "shipped", "in_delivery",
        "in_training", "notified", "taken",
    ),
    "quiet": (
        "archived", "cancelled", "draft", "ended", "expired", "new", "superseded", "withdrawn",
        "discontinued", "off_sale", "pending", "lost", "provisional", "taken_back", "dropped",
        "not_needed",
    ),
}  # fmt: skip
TONE_OF = {code: tone for tone, codes in TONES.items() for code in codes}
SIGN_OF = {"ok": "tick", "warn": "dot", "bad": "triangle", "info": "ring", "quiet": "ring"}
MESSAGE_SIGNS = {"success": "tick", "warning": "dot", "error": "triangle"}


def tone_of(status: str) -> str:
    """The tone of a status code, or a tone itself; an unknown code is told calmly, as under way."""
    code = str(status)
    return code if code in TONES else TONE_OF.get(code, "info")


def sign_of(tone: str) -> str:
    """The drawn sign of a tone."""
    return SIGN_OF.get(tone, "ring")
