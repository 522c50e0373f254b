package io.rowrelay.it.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What {@code admin.jar doctor}, the real jar, has said.
 *
 * @param exitCode what it ended with
 * @param findings its JSON
 * @param said all that it wrote
 */
public record DoctorRun(int exitCode, List<JsonNode> findings, String said) {
    public static DoctorRun of(Map<String, String> environment, String... options) {
        String[] arguments =
                Stream.concat(Stream.of("doctor", "--json"), Stream.of(options)).toArray(String[]::new);
        AdminRun admin = AdminRun.of(environment, arguments);
        assertThat(admin.output()).as(admin.said()).startsWith("[");
        List<JsonNode> findings = new ArrayList<>();
        JsonMapper.builder().build().readTree(admin.output()).forEach(findings::add);
        return new DoctorRun(admin.exitCode(), findings, admin.said());
    }

    /**
     * The ids of problems and warnings, each once; and of checks that could not be made for no known reason. That the suite's broker
     * is alone is no news.
     */
    public List<String> ids() {
        return findings.stream()
                .filter(finding ->
                        finding.has("id") || finding.path("verdict").asString().equals("unclear"))
                .map(finding -> finding.path("id").asString("unclear: " + finding.path("finding")))
                .filter(id -> !id.equals("topic-one-copy"))
                .distinct()
                .toList();
    }

    /** The commands that it printed for a place, in their order, each once. */
    public List<String> commands(String where) {
        return findings.stream()
                .flatMap(finding -> finding.path("remedies").valueStream())
                .filter(remedy -> remedy.path("where").asString().equals(where))
                .map(remedy -> remedy.path("command").asString())
                .distinct()
                .toList();
    }

    /** Runs what it printed for psql. */
    public void mend(Pipeline pipeline) {
        commands("source").forEach(sql -> Databases.execute(pipeline.sourceUrl(), sql));
        commands("destination").forEach(sql -> Databases.execute(pipeline.destinationUrl(), sql));
    }
}
