# The portal as an image: `docker compose build`. What builds it stays in the first stages.
# Tags name a version; its security fixes come with the next build.

FROM node:22-bookworm-slim AS front
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM python:3.12-slim-bookworm AS packages
WORKDIR /build
COPY requirements.txt ./
RUN python -m venv --without-pip /opt/venv \
 && pip --python /opt/venv/bin/python install --no-cache-dir -r requirements.txt

FROM packages AS built
# Without a database's address the settings take passing secrets from here; they stay in this stage.
ENV PATH=/opt/venv/bin:$PATH PORTAL_DATA=/tmp/build
WORKDIR /portal
COPY . .
COPY --from=front /build/node_modules node_modules
RUN python manage.py catalogues --compile \
 && python manage.py collectstatic --noinput --verbosity 0 \
 && python -m compileall -q portal workshops orders inmates

FROM python:3.12-slim-bookworm
RUN groupadd --system --gid 10001 portal \
 && useradd --system --uid 10001 --gid portal --no-create-home --home-dir /data \
    --shell /usr/sbin/nologin portal \
 && install --directory --owner portal --group portal --mode 0750 /data /data/media
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    MEDIA_ROOT=/data/media WEB_HOST=0.0.0.0 PORT=8000
WORKDIR /portal
COPY --from=packages /opt/venv /opt/venv
COPY --from=built /portal /portal
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
  CMD ["python", "-P", "portal/probe.py"]
CMD ["gunicorn", "-c", "python:portal.gunicorn", "portal.wsgi"]
