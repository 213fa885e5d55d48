"""How gunicorn serves the portal: `gunicorn -c python:portal.gunicorn portal.wsgi`.

Behind a proxy that ends HTTPS and takes slow clients; this here is not meant for the open net.
"""

import os
from pathlib import Path

import environ

# The settings are read later, by each worker.
environ.Env.read_env(str(Path(__file__).resolve().parents[1] / ".env"), overwrite=False)

bind = f"{os.environ.get('WEB_HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"

# Pages wait for the database more than they calculate: some threads in each process.
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))

# Long work is the queue's. What takes longer than this in a page is a fault and is cut off.
timeout = 60
# Within the ten seconds after which an engine kills what it stops.
graceful_timeout = 8
keepalive = 5

# A process that has grown is replaced, and not all of them at the same moment.
max_requests = 2000
max_requests_jitter = 200

limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190

# Requests are logged by the portal itself, without identities (kernel/logs.py).
accesslog = None
errorlog = "-"
# No second door into the process.
control_socket_disable = True
