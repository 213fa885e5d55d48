"""Questions about wages that leave the institution: asked by the person, answered from outside.

Everything about them lives here and in `models/questions.py`. Nothing else of the portal reads
them, and nothing they do is written where others look: no event of the audit trail, no job of the
queue, no paper of the registry (tests/inmates/questions/test_apart.py).
"""
