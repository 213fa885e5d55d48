"""Which part of the portal is down and what to do; read by the health page and `manage.py doctor`.

No check needs another part to live, asks longer than its limit or raises: see examine.py.
"""
