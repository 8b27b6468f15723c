# A Plenum hub in a small image: the web app, then the hub that embeds it, then nothing but the program.

FROM node:22-bookworm-slim AS web
WORKDIR /plenum/clients
COPY clients/package.json clients/package-lock.json ./
COPY clients/sdk/package.json sdk/
COPY clients/web/package.json web/
COPY clients/e2e/package.json e2e/
RUN npm ci --no-audit --no-fund
COPY clients/sdk sdk
COPY clients/web web
COPY clients/protocol/golden protocol/golden
RUN npm run build

FROM rust:1.95-bookworm AS hub
WORKDIR /plenum
COPY . .
COPY --from=web /plenum/clients/web/build clients/web/build
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/plenum/target \
    cargo build --release --locked --package plenum-hub \
    && cp target/release/plenum /plenum/plenum

FROM debian:bookworm-slim
# For Chinese, Japanese and Korean names on badges.
RUN apt-get update -q && apt-get install -q -y --no-install-recommends fonts-noto-cjk && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /var/lib/plenum --create-home plenum
COPY --from=hub /plenum/plenum /usr/local/bin/plenum
USER 10001:10001
WORKDIR /var/lib/plenum
VOLUME /var/lib/plenum
ENV PLENUM__SERVER__LISTEN=0.0.0.0:8080 \
    PLENUM__TELEMETRY__FORMAT=json
EXPOSE 8080
STOPSIGNAL SIGTERM
# Alive, not ready: a hub without its database is not helped by a restart.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 CMD ["plenum", "health", "--live"]
ENTRYPOINT ["plenum"]
CMD ["serve"]
