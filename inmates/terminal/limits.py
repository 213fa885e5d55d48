"""How long and how often: the limits of reading terminals. Pure; read by models and services."""

from datetime import timedelta

# Wrong PINs one after another until the PIN is locked; a new letter opens it again.
MOST_FAILURES = 5
# Without a sign of the person the visit is over, on the page and on the server.
IDLE = timedelta(minutes=2)
# The page tells the server that somebody is there at most this often.
SIGN_EVERY = timedelta(seconds=20)
# How long a code of activation holds, and how long one device may guess it.
CODE_HOLDS = timedelta(minutes=30)
CODE_ATTEMPTS, CODE_ATTEMPTS_SECONDS = 10, 900
# Wrong signs-in at one device, whoever they are about: nobody locks a whole colony out.
DEVICE_FAILURES, DEVICE_FAILURES_SECONDS = 20, 600
# The same in a day, until the device is activated anew: a dozen PINs locked there at most.
DEVICE_DAY_FAILURES, DEVICE_DAY_SECONDS = 60, 24 * 3600
PIN_LENGTH = 6
