# Debian's slim image rather than Alpine's: Node.js is built and tested for glibc, its musl builds are experimental.
# Node.js 24 is supported until April 2028.

FROM node:24-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY . .
# The image holds what the package holds, with its dependencies as the lock file has them.
RUN npm pack --loglevel=error \
  && mkdir /app \
  && tar -xzf openai-proxy-*.tgz -C /app --strip-components=1 \
  && cp package-lock.json /app \
  && cd /app \
  && npm ci --omit=dev --ignore-scripts

FROM node:24-slim AS image
ENV NODE_ENV=production
# Inside a container 127.0.0.1 cannot be reached from outside.
ENV OPENAI_PROXY_HOST=0.0.0.0
COPY --from=build /app /app
RUN ln -s /app/dist/bin/openai-proxy.js /usr/local/bin/openai-proxy
WORKDIR /app
# The pattern makes the file optional: without a models.json of yours the built-in list is used.
COPY package.json models.json* ./
USER node
EXPOSE 5101 5102
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${parseInt(process.env.OPENAI_PROXY_PORT || 5101)}/health`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["openai-proxy"]

# With the package redis, for --store: `docker build --target store .`
FROM build AS redis
RUN npm install --prefix /redis --no-package-lock --ignore-scripts "redis@$(node -p "require('./package.json').devDependencies.redis")"

FROM image AS store
COPY --from=redis /redis/node_modules /app/node_modules

# The one that is built if none is named.
FROM image
