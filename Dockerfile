# One image for every process: gateway, subgraphs and the provider sandbox. The command says which one runs.
# Source runs as it is, so the build only brings dependencies and Prisma clients together.

# What npm needs to know. Later stages stay cached while only source changes.
FROM node:24-slim AS manifests
WORKDIR /app
COPY . .
RUN find . -type f ! -name package.json ! -name package-lock.json -delete

# The Prisma clients. Generating takes the root's development dependencies and no workspace.
FROM node:24-slim AS clients
WORKDIR /app
COPY --from=manifests /app .
RUN npm ci --workspaces=false --ignore-scripts --no-audit --no-fund
COPY prisma prisma
RUN node prisma/generate.mjs

# What the processes need, and no more. Embedded PostgreSQL stays out because only the launcher and the tests depend on it;
# development tools and npm's own copy of Node stay out because the root is told to forget them.
FROM node:24-slim AS dependencies
WORKDIR /app
COPY --from=manifests /app .
RUN npm pkg delete devDependencies optionalDependencies \
  && npm ci --omit=dev --ignore-scripts --no-audit --no-fund --include-workspace-root \
    -w gateway -w subgraphs/identity -w subgraphs/kyc -w subgraphs/billing -w subgraphs/commerce -w subgraphs/payments \
    -w packages/sandbox

FROM node:24-slim
ENV NODE_ENV=production HOST=0.0.0.0
WORKDIR /app
COPY --from=dependencies /app .
COPY package.json tsconfig.json ./
COPY packages packages
COPY prisma prisma
COPY schema schema
COPY subgraphs subgraphs
COPY gateway gateway
COPY tools/is-ready.mjs tools/is-ready.mjs
COPY --from=clients /app/subgraphs subgraphs
USER node
# For the gateway on its default port; a service that is something else says so in docker-compose.yml.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "tools/is-ready.mjs", "http://127.0.0.1:4000/health/ready"]
CMD ["node", "--import", "tsx", "gateway/src/main.ts"]
