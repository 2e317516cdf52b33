# One image for everything; its root may be read-only: add `--read-only --tmpfs /tmp` to each line, and `--init`, so
# that it ends at once when it is told to while it starts.
# Built by podman or buildah it needs `--format docker`, or its health check is left away.
# Its database is made once: `docker run --rm --no-healthcheck -v travelrisk:/data travelrisk travelrisk db upgrade`
# travelrisk as a service: `docker run -p 127.0.0.1:8000:8000 -v travelrisk:/data travelrisk`
# The letters are sent by the same image: `docker run --no-healthcheck -v travelrisk:/data travelrisk travelrisk worker`
# With PostgreSQL, two workers and a catcher of mails: see compose.yaml

ARG PYTHON=3.13
ARG VERSION=unknown
ARG REVISION=unknown

FROM python:${PYTHON}-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /build

# Every file is checked against the lock here; what is installed below can come from nowhere else.
# authres is published as source alone, so that its wheel is made here: by the setuptools of the lock, not the newest.
COPY requirements.lock ./
RUN python -m venv tools \
 && sed -n '/^setuptools==/,/[^\\]$/p' requirements.lock > tools.lock \
 && tools/bin/pip install --require-hashes --only-binary :all: --requirement tools.lock \
 && tools/bin/pip wheel --require-hashes --only-binary :all: --no-binary authres --no-build-isolation --no-deps \
      --wheel-dir wheels --requirement requirements.lock

COPY pyproject.toml README.md LICENSE ./
COPY travelrisk travelrisk
COPY data data
COPY templates templates
RUN tools/bin/pip install --no-index --find-links wheels hatchling \
 && tools/bin/pip wheel --no-deps --no-build-isolation --wheel-dir wheels . \
 && python -m venv --without-pip /opt/travelrisk \
 && pip --python /opt/travelrisk install --no-index --find-links wheels "travelrisk[postgres]"


FROM python:${PYTHON}-slim
ARG VERSION
ARG REVISION
LABEL org.opencontainers.image.title="travelrisk" \
      org.opencontainers.image.description="Aviation and travel risk advisories: itineraries judged against dated ratings" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

# Zones come from the locked tzdata, not from whatever the base image carries that week.
ENV PATH=/opt/travelrisk/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONTZPATH="" \
    TZ=UTC \
    TRAVELRISK_DATA_DIR=/data

RUN useradd --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin travelrisk \
 && install --directory --owner travelrisk --group travelrisk --mode 0700 /data
COPY --from=build /opt/travelrisk /opt/travelrisk

USER travelrisk
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["python", "-m", "travelrisk.cli.alive", "8000"]
CMD ["travelrisk", "serve", "--host", "0.0.0.0", "--port", "8000"]
