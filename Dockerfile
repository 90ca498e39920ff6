# The relay's image: one static program, the authorities that vouch for TLS, and a folder for the record. No shell, no packages.
#
# Two ways lead to it, and both end in the same files:
#
#   docker build --tag deskside .
#       builds everything inside a container, from nothing but this folder. It fetches Debian and Rust, so it is the one way that
#       `cargo xtask test image` does not try: that test must pass where no registry of images can be reached.
#
#   cargo xtask dist && docker build --tag deskside --target from-dist --file Dockerfile target/dist/image
#       packs what a Debian machine with Rust built. It fetches nothing.

FROM scratch AS settings
# Browsers reach http://127.0.0.1:8080 unless DESKSIDE_PUBLIC_URL says otherwise. The root may be read-only (`--read-only`): what
# SQLite puts aside while it works goes beside the record.
ENV DESKSIDE_LISTEN=0.0.0.0:8080 DESKSIDE_DATA=/data SQLITE_TMPDIR=/data
EXPOSE 8080
USER 65532:65532
ENTRYPOINT ["/deskside"]
CMD ["serve"]
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["/deskside", "health"]

FROM settings AS from-dist
COPY --chmod=755 root /
COPY --chown=65532:65532 --chmod=700 user /
VOLUME /data

FROM docker.io/library/rust:1-bookworm AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends binaryen ca-certificates musl-tools \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /deskside
COPY . .
RUN cargo xtask dist

# For `docker compose run --rm backup`: the same program beside PostgreSQL's own, which a backup of PostgreSQL is made by.
FROM docker.io/library/postgres:17 AS backup
COPY --from=build --chmod=755 /deskside/target/dist/image/root /
ENTRYPOINT ["/deskside"]

FROM settings AS relay
COPY --from=build --chmod=755 /deskside/target/dist/image/root /
COPY --from=build --chown=65532:65532 --chmod=700 /deskside/target/dist/image/user /
VOLUME /data
