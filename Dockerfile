# Kat as an image: `docker build --build-arg VERSION=0.1.0 --tag kat .`, then
# `docker run --rm --volume "$PWD:/project" --env DATABASE_URL kat up` in a project.
FROM node:22-slim
ARG VERSION=latest
RUN npm install --global --no-audit --no-fund "kat-migrate@$VERSION" && npm cache clean --force
USER node
WORKDIR /project
ENTRYPOINT ["kat"]
CMD ["--help"]
