# The server. Data lies in /data; DATABASE_URL names a PostgreSQL, without it the embedded one runs there.
FROM node:24.11.1-trixie-slim
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY apps/server/package.json apps/server/
COPY apps/web/package.json apps/web/
COPY packages/api/package.json packages/api/
COPY packages/control/package.json packages/control/
COPY packages/lab/package.json packages/lab/
COPY packages/mesh/package.json packages/mesh/
COPY e2e/package.json e2e/
RUN npm ci --no-audit --no-fund
COPY . .
RUN node scripts/generate.mjs && npm run --silent build --workspace apps/web && mkdir /data && chown node:node /data
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 SPANWIRE_DATA=/data NEXT_TELEMETRY_DISABLED=1
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK CMD ["node", "-e", "fetch('http://127.0.0.1:3000/readyz').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--import", "tsx", "apps/server/src/main.ts"]
