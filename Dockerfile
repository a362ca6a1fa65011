# Three stages: what the program needs to run, what it takes to build it, and the image with the first and
# the outcome of the second.

FROM node:20.20.2-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM node:20.20.2-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Only tsc runs here, and it needs no install script.
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY scripts ./scripts
COPY schema ./schema
COPY src ./src
COPY activities ./activities
COPY workers ./workers
COPY workflows ./workflows
RUN npm run build

FROM node:20.20.2-bookworm-slim
# Temporal's core reads the system's certificates, which the slim image lacks.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/* \
  && install --directory --owner=node --group=node /var/lib/revsync

ENV NODE_ENV=production \
    REVSYNC_STATE_DIR=/var/lib/revsync \
    REVSYNC_HTTP_ADDRESS=0.0.0.0:9464
WORKDIR /app
COPY package.json LICENSE ./
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist

# The program writes to its state folder and nowhere else, so the root file system may be read-only.
USER node
VOLUME ["/var/lib/revsync"]

# Metrics, health and readiness of the worker.
EXPOSE 9464

# Whether the worker lives, so that what restarts it does not do so because a server is away.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
  CMD ["node", "--eval", "fetch('http://127.0.0.1:9464/health').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]

ENTRYPOINT ["node", "dist/src/cli/main.js"]
CMD ["worker"]
