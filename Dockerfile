# Three images from one build: `--target producer`, `--target consumer` and `--target admin`.
# Exchange the base images, for instance for ones pinned by digest, with the build arguments
# (see docs/use/docker.md).
ARG MAVEN_IMAGE=maven:3.9-eclipse-temurin-21
ARG JRE_IMAGE=eclipse-temurin:25-jre

FROM ${MAVEN_IMAGE} AS build
WORKDIR /source
# The parent names every module, so Maven wants each pom; sources come only from those that are built.
COPY pom.xml LICENSE ./
COPY .mvn .mvn
COPY common/pom.xml common/
COPY stream/pom.xml stream/
COPY producer/pom.xml producer/
COPY consumer/pom.xml consumer/
COPY admin/pom.xml admin/
COPY sandbox/pom.xml sandbox/
COPY bench/pom.xml bench/
COPY integration-tests/pom.xml integration-tests/
COPY common/src common/src
COPY stream/src stream/src
COPY producer/src producer/src
COPY consumer/src consumer/src
COPY admin/src admin/src
# Tests, format and dependency checks belong to `mvn verify`; here they would only slow the image down.
RUN --mount=type=cache,target=/root/.m2/repository,sharing=locked \
    mvn -B -ntp -pl producer,consumer,admin -am package \
        -Dmaven.test.skip=true -Dspotless.check.skip=true -Dmdep.analyze.skip=true -Dcyclonedx.skip=true

FROM ${JRE_IMAGE} AS runtime
RUN groupadd --system --gid 10001 rowrelay \
    && useradd --system --uid 10001 --gid rowrelay --no-create-home --home-dir /tmp --shell /usr/sbin/nologin rowrelay
WORKDIR /opt/rowrelay
ENV PATH="/opt/rowrelay:${PATH}"
COPY jvm.options bin/rowrelay ./
USER 10001:10001

# A command and its options follow: docker run ... rowrelay-admin status.
FROM runtime AS admin
COPY --from=build /source/admin/target/admin.jar ./
ENTRYPOINT ["rowrelay"]

FROM runtime AS daemon
# Inside the container; what is published of it is for the engine or the cluster to say.
ENV HTTP_HOST=0.0.0.0
# Healthy means ready. bash itself speaks to the port, because the runtime image promises neither curl nor wget;
# OWN_PORT names the setting that goes before HTTP_PORT, so that a container of its own port stays healthy;
# the answer with its reason is kept by the engine: docker inspect -f '{{json .State.Health}}' CONTAINER
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=6 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/${!OWN_PORT:-$HTTP_PORT} && printf 'GET /health/ready HTTP/1.0\\r\\n\\r\\n' >&3 && answer=$(cat <&3) && echo \"$answer\" && [[ $answer == HTTP/1.?' 200 '* ]]"]

# In the entry points: java itself is process 1, so it gets SIGTERM and its exit code is the container's.
#   MaxRAMPercentage       the heap follows the container's memory limit; the rest is for threads, buffers and code
#   jvm.options            tells itself what each is good for
#   SharedArchiveFile      classes as this very JVM has them in memory, so that the daemon is ready sooner. A run during the
#                          build writes them: nothing listens where it looks for servers, but it loads most classes. A JVM
#                          that cannot write or use such an archive starts without, only more slowly
# More options: environment JDK_JAVA_OPTIONS.

FROM daemon AS producer
COPY --from=build /source/producer/target/producer.jar ./
USER root
RUN SOURCE_DB_URL=jdbc:postgresql://localhost:1/none SOURCE_DB_USER=nobody KAFKA_BOOTSTRAP_SERVERS=localhost:1 \
    timeout 10 java @jvm.options -Xmx256m -XX:ArchiveClassesAtExit=producer.jsa -jar producer.jar > /dev/null 2>&1; ls -l
USER 10001:10001
ENV HTTP_PORT=8081 OWN_PORT=PRODUCER_HTTP_PORT
EXPOSE 8081
ENTRYPOINT ["java", "@jvm.options", "-XX:MaxRAMPercentage=70", "-XX:SharedArchiveFile=producer.jsa", "-jar", "producer.jar"]

FROM daemon AS consumer
COPY --from=build /source/consumer/target/consumer.jar ./
USER root
RUN DESTINATION_DB_URL=jdbc:postgresql://localhost:1/none DESTINATION_DB_USER=nobody KAFKA_BOOTSTRAP_SERVERS=localhost:1 \
    timeout 10 java @jvm.options -Xmx256m -XX:ArchiveClassesAtExit=consumer.jsa -jar consumer.jar > /dev/null 2>&1; ls -l
USER 10001:10001
ENV HTTP_PORT=8082 OWN_PORT=CONSUMER_HTTP_PORT
EXPOSE 8082
ENTRYPOINT ["java", "@jvm.options", "-XX:MaxRAMPercentage=70", "-XX:SharedArchiveFile=consumer.jsa", "-jar", "consumer.jar"]
