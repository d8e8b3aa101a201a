# The service, without a database: it needs DAIBIEU_DATABASE_URL and DAIBIEU_MASTER_KEY_FILE, and a database that
# `migrate` has seen first. Serving never migrates. How the parts fit: docker-compose.yml.
#
# Run by root in local mode, the database that comes along runs as daibieu-postgres and nobody else.

FROM python:3.13-slim AS packages
WORKDIR /build
COPY requirements.lock ./
RUN python -m venv /opt/daibieu \
    && /opt/daibieu/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock

# The font of PDF documents, by hash; the image has neither Node nor npm.
FROM node:24-slim AS fonts
WORKDIR /build
COPY .ci/fonts/package.json .ci/fonts/package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund \
    && mkdir fonts \
    && cp node_modules/@expo-google-fonts/tinos/*/Tinos_[47]00*.ttf \
        node_modules/@expo-google-fonts/tinos/LICENSE_FONT fonts

FROM python:3.13-slim
RUN groupadd --gid 10001 daibieu \
    && useradd --uid 10001 --gid daibieu --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin daibieu \
    && groupadd --gid 10002 daibieu-postgres \
    && useradd --uid 10002 --gid daibieu-postgres --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin \
        daibieu-postgres
COPY --from=packages /opt/daibieu /opt/daibieu
COPY --from=fonts /build/fonts /opt/daibieu/fonts
WORKDIR /srv/daibieu
COPY migrations ./migrations
COPY domain ./domain
COPY db ./db
COPY service ./service
COPY api ./api
ENV PATH=/opt/daibieu/bin:$PATH \
    PYTHONPATH=/srv/daibieu \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DAIBIEU_POSTGRES_USER=daibieu-postgres \
    DAIBIEU_MODE=server \
    DAIBIEU_HOST=0.0.0.0 \
    DAIBIEU_PORT=8000 \
    DAIBIEU_METRICS_PORT=9000
# Compiled here, since the user below may write nowhere.
RUN python -m compileall -q .
USER 10001:10001
EXPOSE 8000 9000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import http.client, os, sys; asked = http.client.HTTPConnection('127.0.0.1', int(os.environ['DAIBIEU_PORT']), timeout=3); asked.request('GET', '/livez'); sys.exit(asked.getresponse().status != 200)"]
ENTRYPOINT ["python", "-m", "api.cli"]
CMD ["serve"]
